-- Each row of each file, judged.

CREATE TABLE hmis.organization_row AS
SELECT
    file.*,
    OrganizationID AS key,
    CASE
        WHEN DateDeleted IS NOT NULL THEN hmis.deleted(DateDeleted)
        WHEN OrganizationID IS NULL THEN hmis.empty('OrganizationID')
    END AS ruling
FROM hmis.with_content('hmis.organization_file') AS file;

CREATE TABLE hmis.organization AS FROM hmis.without_copies('hmis.organization_row', 'OrganizationID');

-- Victim service providers may not share records. One row that says so is enough, be it a repeated
-- or a deleted one.
CREATE TABLE hmis.protected_project AS
SELECT DISTINCT project.ProjectID
FROM hmis.project_file AS project
INNER JOIN hmis.organization_file AS organization ON project.OrganizationID = organization.OrganizationID
WHERE hmis.code_of(organization.VictimServiceProvider) = '1' AND project.ProjectID IS NOT NULL;

CREATE TABLE hmis.project_row AS
SELECT
    file.*,
    ProjectID AS key,
    hmis.project_type_of(ProjectType, TrackingMethod, release.version) AS project_type,
    CASE
        WHEN ProjectID IS NULL THEN hmis.empty('ProjectID')
        WHEN ProjectID IN (FROM hmis.protected_project)
            THEN hmis.out_of_scope('OrganizationID', 'project of a victim service provider')
        WHEN DateDeleted IS NOT NULL THEN hmis.deleted(DateDeleted)
    END AS ruling
FROM hmis.with_content('hmis.project_file') AS file
CROSS JOIN hmis.release;

CREATE TABLE hmis.project AS FROM hmis.without_copies('hmis.project_row', 'ProjectID');

-- People known through victim service providers and no other project of the export.
CREATE TABLE hmis.protected_person AS
SELECT enrollment.PersonalID
FROM hmis.enrollment_file AS enrollment
WHERE enrollment.PersonalID IS NOT NULL
GROUP BY enrollment.PersonalID
HAVING
    bool_or(enrollment.ProjectID IN (FROM hmis.protected_project))
    AND NOT coalesce(
        bool_or(
            enrollment.ProjectID IN (SELECT key FROM hmis.fates('hmis.project') WHERE fate = 'loaded')
        ),
        FALSE
    );

CREATE TABLE hmis.client_row AS
SELECT
    file.*,
    PersonalID AS key,
    hmis.birthday_of(DOB, release.earliest_birth, release.exported_on) AS birth_date,
    CASE
        WHEN DateDeleted IS NOT NULL THEN hmis.deleted(DateDeleted)
        WHEN PersonalID IS NULL THEN hmis.empty('PersonalID')
        WHEN PersonalID IN (FROM hmis.protected_person)
            THEN hmis.out_of_scope('PersonalID', 'known to victim service providers alone')
    END AS ruling
FROM hmis.with_content('hmis.client_file') AS file
CROSS JOIN hmis.release;

CREATE TABLE hmis.client AS FROM hmis.without_copies('hmis.client_row', 'PersonalID');

-- A project that is not in the export could be a victim service provider's: its rows stay out.
CREATE TABLE hmis.enrollment_row AS
SELECT
    file.*,
    EnrollmentID AS key,
    hmis.day_of(EntryDate, release.earliest_event, release.exported_on) AS entered_on,
    hmis.day_of(MoveInDate, release.earliest_event, release.exported_on) AS move_in_on,
    situation.code AS situation,
    CASE
        WHEN DateDeleted IS NOT NULL THEN hmis.deleted(DateDeleted)
        WHEN EnrollmentID IS NULL THEN hmis.empty('EnrollmentID')
        WHEN PersonalID IS NULL THEN hmis.empty('PersonalID')
        WHEN ProjectID IS NULL THEN hmis.empty('ProjectID')
        WHEN project_fate.fate = 'out_of_scope'
            THEN hmis.ruling_of_owner(project_fate.fate, 'ProjectID', NULL, NULL)
        WHEN EntryDate IS NULL THEN hmis.empty('EntryDate')
        WHEN entered_on IS NULL THEN hmis.bad_date('EntryDate', EntryDate)
        WHEN entered_on > release.exported_on THEN hmis.after_export('EntryDate', EntryDate)
        ELSE coalesce(
            hmis.ruling_of_owner(client_fate.fate, 'PersonalID', PersonalID, 'a person of Client.csv'),
            hmis.ruling_of_owner(project_fate.fate, 'ProjectID', ProjectID, 'a project of Project.csv')
        )
    END AS ruling
FROM hmis.with_content('hmis.enrollment_file') AS file
CROSS JOIN hmis.release
LEFT JOIN hmis.fates('hmis.client') AS client_fate ON file.PersonalID = client_fate.key
LEFT JOIN hmis.fates('hmis.project') AS project_fate ON file.ProjectID = project_fate.key
LEFT JOIN hmis.code AS situation
    ON hmis.code_of(file.LivingSituation) = situation.written AND situation.is_situation;

CREATE TABLE hmis.enrollment AS FROM hmis.without_copies('hmis.enrollment_row', 'EnrollmentID');

CREATE TABLE hmis.enrollment_fate AS
SELECT
    fate.key,
    fate.fate,
    enrollment.PersonalID,
    enrollment.entered_on
FROM hmis.fates('hmis.enrollment') AS fate
LEFT JOIN hmis.enrollment ON fate.key = enrollment.key AND enrollment.ruling IS NULL;

-- An exit before entry says that the person left, though not when: it counts on the day of entry,
-- unless the same enrollment has a better one.
CREATE TABLE hmis.exit_row AS
SELECT
    file.* EXCLUDE (content),
    file.EnrollmentID AS key,
    file.left_on < owner.entered_on AS is_before_entry,
    greatest(file.left_on, owner.entered_on) AS exited_on,
    list_prepend(CASE WHEN file.left_on >= owner.entered_on THEN 'in order' END, file.content) AS content,
    destination.code AS destination_code,
    coalesce(
        hmis.ruling_of_part(
            file.DateDeleted, file.EnrollmentID, file.PersonalID, owner.fate, owner.PersonalID
        ),
        CASE
            WHEN file.ExitDate IS NULL THEN hmis.empty('ExitDate')
            WHEN file.left_on IS NULL AND hmis.says_no_day(file.ExitDate)
                THEN hmis.left_out('out_of_scope', 'LD-211', 'ExitDate', file.ExitDate, NULL)
            WHEN file.left_on IS NULL THEN hmis.bad_date('ExitDate', file.ExitDate)
            WHEN file.left_on > file.exported_on THEN hmis.after_export('ExitDate', file.ExitDate)
        END
    ) AS ruling
FROM (
    SELECT
        written.*,
        release.exported_on,
        hmis.day_of(written.ExitDate, release.earliest_event, release.exported_on) AS left_on
    FROM hmis.with_content('hmis.exit_file') AS written
    CROSS JOIN hmis.release
) AS file
LEFT JOIN hmis.enrollment_fate AS owner ON file.EnrollmentID = owner.key
LEFT JOIN hmis.code AS destination
    ON hmis.code_of(file.Destination) = destination.written AND destination.is_destination;

CREATE TABLE hmis.exit AS FROM hmis.without_copies('hmis.exit_row', 'EnrollmentID');

CREATE TABLE hmis.currentlivingsituation_row AS
SELECT
    file.*,
    -- Without a number of its own a row repeats no other.
    coalesce(file.CurrentLivingSitID, 'row ' || file.row_number) AS key,
    hmis.day_of(file.InformationDate, release.earliest_event, release.exported_on) AS observed_on,
    situation.code AS situation,
    coalesce(
        hmis.ruling_of_part(
            file.DateDeleted, file.EnrollmentID, file.PersonalID, owner.fate, owner.PersonalID
        ),
        CASE
            WHEN file.InformationDate IS NULL THEN hmis.empty('InformationDate')
            WHEN observed_on IS NULL THEN hmis.bad_date('InformationDate', file.InformationDate)
            WHEN observed_on > release.exported_on
                THEN hmis.after_export('InformationDate', file.InformationDate)
            WHEN file.CurrentLivingSituation IS NULL THEN hmis.empty('CurrentLivingSituation')
            WHEN situation.code IS NULL
                THEN hmis.left_out(
                    'rejected',
                    'LD-203',
                    'CurrentLivingSituation',
                    file.CurrentLivingSituation,
                    'a living situation of ' || release.version
                )
        END
    ) AS ruling
FROM hmis.with_content('hmis.currentlivingsituation_file') AS file
CROSS JOIN hmis.release
LEFT JOIN hmis.enrollment_fate AS owner ON file.EnrollmentID = owner.key
LEFT JOIN hmis.code AS situation
    ON hmis.code_of(file.CurrentLivingSituation) = situation.written AND situation.is_situation;

CREATE TABLE hmis.currentlivingsituation AS
FROM hmis.without_copies('hmis.currentlivingsituation_row', 'CurrentLivingSitID');

-- Of all services only the bed nights of night-by-night shelter: who was there, on which night.
CREATE VIEW hmis.bed_night_file AS
FROM hmis.services_file
WHERE hmis.code_of(RecordType) = '200';

CREATE TABLE hmis.bed_night_row AS
SELECT
    file.*,
    coalesce(file.ServicesID, 'row ' || file.row_number) AS key,
    hmis.day_of(file.DateProvided, release.earliest_event, release.exported_on) AS night_on,
    coalesce(
        hmis.ruling_of_part(
            file.DateDeleted, file.EnrollmentID, file.PersonalID, owner.fate, owner.PersonalID
        ),
        CASE
            WHEN file.DateProvided IS NULL THEN hmis.empty('DateProvided')
            WHEN night_on IS NULL THEN hmis.bad_date('DateProvided', file.DateProvided)
            WHEN night_on > release.exported_on THEN hmis.after_export('DateProvided', file.DateProvided)
        END
    ) AS ruling
FROM hmis.with_content('hmis.bed_night_file') AS file
CROSS JOIN hmis.release
LEFT JOIN hmis.enrollment_fate AS owner ON file.EnrollmentID = owner.key;

CREATE TABLE hmis.services AS
FROM hmis.without_copies('hmis.bed_night_row', 'ServicesID')
UNION ALL BY NAME
SELECT
    file_number,
    row_number,
    hmis.out_of_scope('RecordType', 'a service that is no night in a bed') AS ruling
FROM hmis.services_file
WHERE hmis.code_of(RecordType) IS DISTINCT FROM '200';
