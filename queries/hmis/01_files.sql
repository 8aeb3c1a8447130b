-- What is taken from each file of an HMIS export, whatever its version: these columns and no others.
-- Names, social security numbers, free text, health and violence never leave the staged text.

CREATE TABLE hmis.export_file (
    file_number INTEGER,
    row_number BIGINT,
    CSVVersion VARCHAR,
    ExportDate VARCHAR,
    ExportStartDate VARCHAR,
    ExportEndDate VARCHAR
);

CREATE TABLE hmis.organization_file (
    file_number INTEGER,
    row_number BIGINT,
    OrganizationID VARCHAR,
    VictimServiceProvider VARCHAR,
    DateDeleted VARCHAR
);

CREATE TABLE hmis.project_file (
    file_number INTEGER,
    row_number BIGINT,
    ProjectID VARCHAR,
    OrganizationID VARCHAR,
    ProjectType VARCHAR,
    TrackingMethod VARCHAR,
    DateDeleted VARCHAR
);

CREATE TABLE hmis.client_file (
    file_number INTEGER,
    row_number BIGINT,
    PersonalID VARCHAR,
    DOB VARCHAR,
    Sex VARCHAR,
    Woman VARCHAR,
    Female VARCHAR,
    Man VARCHAR,
    Male VARCHAR,
    NonBinary VARCHAR,
    NoSingleGender VARCHAR,
    CulturallySpecific VARCHAR,
    Transgender VARCHAR,
    Questioning VARCHAR,
    DifferentIdentity VARCHAR,
    AmIndAKNative VARCHAR,
    Asian VARCHAR,
    BlackAfAmerican VARCHAR,
    HispanicLatinaeo VARCHAR,
    HispanicLatinao VARCHAR,
    Ethnicity VARCHAR,
    MidEastNAfrican VARCHAR,
    NativeHIPacific VARCHAR,
    White VARCHAR,
    DateDeleted VARCHAR
);

CREATE TABLE hmis.enrollment_file (
    file_number INTEGER,
    row_number BIGINT,
    EnrollmentID VARCHAR,
    PersonalID VARCHAR,
    ProjectID VARCHAR,
    HouseholdID VARCHAR,
    RelationshipToHoH VARCHAR,
    EntryDate VARCHAR,
    MoveInDate VARCHAR,
    LivingSituation VARCHAR,
    DateDeleted VARCHAR
);

CREATE TABLE hmis.exit_file (
    file_number INTEGER,
    row_number BIGINT,
    EnrollmentID VARCHAR,
    PersonalID VARCHAR,
    ExitDate VARCHAR,
    Destination VARCHAR,
    DateDeleted VARCHAR
);

CREATE TABLE hmis.services_file (
    file_number INTEGER,
    row_number BIGINT,
    ServicesID VARCHAR,
    EnrollmentID VARCHAR,
    PersonalID VARCHAR,
    DateProvided VARCHAR,
    RecordType VARCHAR,
    DateDeleted VARCHAR
);

CREATE TABLE hmis.currentlivingsituation_file (
    file_number INTEGER,
    row_number BIGINT,
    CurrentLivingSitID VARCHAR,
    EnrollmentID VARCHAR,
    PersonalID VARCHAR,
    InformationDate VARCHAR,
    CurrentLivingSituation VARCHAR,
    DateDeleted VARCHAR
);
