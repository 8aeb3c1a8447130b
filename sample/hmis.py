"""The HMIS CSV export of the invented county, in the layout of FY2026."""

import numpy as np
import pyarrow as pa

from sample.cohort import Cohort
from sample.files import Files, dates, numbers, some, spoiled, words
from sample.housing import PROJECTS
from sample.lives import NEVER, RACE_SETS

ARCHIVE = "HMIS_CSV_FY2026.zip"
ISO = "%Y-%m-%d"
EXPORT_ID = "INVENTED2026"
VICTIM_SERVICES = len(PROJECTS)  # a project whose people must not appear in any figure
ORGANIZATIONS = ("Harbor Outreach", "Harbor Shelters", "Harbor Homes", "Safe Harbor (victim services)")

TRACKED = " DateCreated DateUpdated UserID DateDeleted ExportID"
# The columns of each file of the standard, in its order. Files that are not filled hold the header only.
COLUMNS = {
    name: (columns + TRACKED).split()
    for name, columns in {
        "Affiliation": "AffiliationID ProjectID ResProjectID",
        "Assessment": "AssessmentID EnrollmentID PersonalID AssessmentDate AssessmentLocation AssessmentType "
        "AssessmentLevel PrioritizationStatus",
        "AssessmentQuestions": "AssessmentQuestionID AssessmentID EnrollmentID PersonalID "
        "AssessmentQuestionGroup AssessmentQuestionOrder AssessmentQuestion AssessmentAnswer",
        "AssessmentResults": "AssessmentResultID AssessmentID EnrollmentID PersonalID AssessmentResultType "
        "AssessmentResult",
        "CEParticipation": "CEParticipationID ProjectID AccessPoint PreventionAssessment CrisisAssessment "
        "HousingAssessment DirectServices ReceivesReferrals CEParticipationStatusStartDate "
        "CEParticipationStatusEndDate",
        "Client": "PersonalID FirstName MiddleName LastName NameSuffix NameDataQuality SSN SSNDataQuality DOB "
        "DOBDataQuality Sex AmIndAKNative Asian BlackAfAmerican HispanicLatinao MidEastNAfrican "
        "NativeHIPacific White RaceNone AdditionalRaceEthnicity VeteranStatus YearEnteredService "
        "YearSeparated WorldWarII KoreanWar VietnamWar DesertStorm AfghanistanOEF IraqOIF IraqOND "
        "OtherTheater MilitaryBranch DischargeStatus",
        "CurrentLivingSituation": "CurrentLivingSitID EnrollmentID PersonalID InformationDate "
        "CurrentLivingSituation CLSSubsidyType VerifiedBy LeaveSituation14Days SubsequentResidence "
        "ResourcesToObtain LeaseOwn60Day MovedTwoOrMore LocationDetails",
        "Disabilities": "DisabilitiesID EnrollmentID PersonalID InformationDate DisabilityType "
        "DisabilityResponse IndefiniteAndImpairs TCellCountAvailable TCellCount TCellSource "
        "ViralLoadAvailable ViralLoad ViralLoadSource AntiRetroviral DataCollectionStage",
        "EmploymentEducation": "EmploymentEducationID EnrollmentID PersonalID InformationDate "
        "LastGradeCompleted SchoolStatus Employed EmploymentType NotEmployedReason DataCollectionStage",
        "Enrollment": "EnrollmentID PersonalID ProjectID EntryDate HouseholdID RelationshipToHoH EnrollmentCoC "
        "LivingSituation RentalSubsidyType LengthOfStay LOSUnderThreshold PreviousStreetESSH "
        "DateToStreetESSH TimesHomelessPastThreeYears MonthsHomelessPastThreeYears DisablingCondition "
        "DateOfEngagement MoveInDate DateOfPATHStatus ClientEnrolledInPATH ReasonNotEnrolled PercentAMI "
        "ReferralSource CountOutreachReferralApproaches DateOfBCPStatus EligibleForRHY ReasonNoServices "
        "RunawayYouth FormerWardChildWelfare ChildWelfareYears ChildWelfareMonths FormerWardJuvenileJustice "
        "JuvenileJusticeYears JuvenileJusticeMonths UnemploymentFam MentalHealthDisorderFam "
        "PhysicalDisabilityFam AlcoholDrugUseDisorderFam InsufficientIncome IncarceratedParent VAMCStation "
        "TargetScreenReqd TimeToHousingLoss AnnualPercentAMI LiteralHomelessHistory ClientLeaseholder "
        "HOHLeaseholder SubsidyAtRisk EvictionHistory CriminalRecord IncarceratedAdult PrisonDischarge "
        "SexOffender DisabledHoH CurrentPregnant SingleParent DependentUnder6 HH5Plus CoCPrioritized "
        "HPScreeningScore ThresholdScore MentalHealthConsultation",
        "Event": "EventID EnrollmentID PersonalID EventDate Event ProbSolDivRRResult ReferralCaseManageAfter "
        "LocationCrisisOrPHHousing ReferralResult ResultDate",
        "Exit": "ExitID EnrollmentID PersonalID ExitDate Destination DestinationSubsidyType OtherDestination "
        "HousingAssessment SubsidyInformation ProjectCompletionStatus EarlyExitReason ExchangeForSex "
        "ExchangeForSexPastThreeMonths CountOfExchangeForSex AskedOrForcedToExchangeForSex "
        "AskedOrForcedToExchangeForSexPastThreeMonths WorkPlaceViolenceThreats WorkplacePromiseDifference "
        "CoercedToContinueWork LaborExploitPastThreeMonths CounselingReceived IndividualCounseling "
        "FamilyCounseling GroupCounseling SessionCountAtExit PostExitCounselingPlan SessionsInPlan "
        "DestinationSafeClient DestinationSafeWorker PosAdultConnections PosPeerConnections "
        "PosCommunityConnections AftercareDate AftercareProvided EmailSocialMedia Telephone "
        "InPersonIndividual InPersonGroup CMExitReason",
        "Funder": "FunderID ProjectID Funder OtherFunder GrantID StartDate EndDate",
        "HealthAndDV": "HealthAndDVID EnrollmentID PersonalID InformationDate DomesticViolenceSurvivor "
        "WhenOccurred CurrentlyFleeing GeneralHealthStatus DentalHealthStatus MentalHealthStatus "
        "PregnancyStatus DueDate DataCollectionStage",
        "HMISParticipation": "HMISParticipationID ProjectID HMISParticipationType "
        "HMISParticipationStatusStartDate HMISParticipationStatusEndDate",
        "IncomeBenefits": "IncomeBenefitsID EnrollmentID PersonalID InformationDate IncomeFromAnySource "
        "TotalMonthlyIncome Earned EarnedAmount Unemployment UnemploymentAmount SSI SSIAmount SSDI SSDIAmount "
        "VADisabilityService VADisabilityServiceAmount VADisabilityNonService VADisabilityNonServiceAmount "
        "PrivateDisability PrivateDisabilityAmount WorkersComp WorkersCompAmount TANF TANFAmount GA GAAmount "
        "SocSecRetirement SocSecRetirementAmount Pension PensionAmount ChildSupport ChildSupportAmount "
        "Alimony AlimonyAmount OtherIncomeSource OtherIncomeAmount OtherIncomeSourceIdentify "
        "BenefitsFromAnySource SNAP WIC TANFChildCare TANFTransportation OtherTANF OtherBenefitsSource "
        "OtherBenefitsSourceIdentify InsuranceFromAnySource Medicaid NoMedicaidReason Medicare "
        "NoMedicareReason SCHIP NoSCHIPReason VHAServices NoVHAReason EmployerProvided "
        "NoEmployerProvidedReason COBRA NoCOBRAReason PrivatePay NoPrivatePayReason StateHealthIns "
        "NoStateHealthInsReason IndianHealthServices NoIndianHealthServicesReason OtherInsurance "
        "OtherInsuranceIdentify ADAP NoADAPReason RyanWhiteMedDent NoRyanWhiteReason ConnectionWithSOAR "
        "DataCollectionStage",
        "Inventory": "InventoryID ProjectID CoCCode HouseholdType Availability UnitInventory BedInventory "
        "CHVetBedInventory YouthVetBedInventory VetBedInventory CHYouthBedInventory YouthBedInventory "
        "CHBedInventory OtherBedInventory ESBedType InventoryStartDate InventoryEndDate",
        "Organization": "OrganizationID OrganizationName VictimServiceProvider OrganizationCommonName",
        "Project": "ProjectID OrganizationID ProjectName ProjectCommonName OperatingStartDate "
        "OperatingEndDate ContinuumProject ProjectType HousingType RRHSubType ResidentialAffiliation "
        "TargetPopulation HOPWAMedAssistedLivingFac PITCount",
        "ProjectCoC": "ProjectCoCID ProjectID CoCCode Geocode Address1 Address2 City State ZIP GeographyType",
        "Services": "ServicesID EnrollmentID PersonalID DateProvided RecordType TypeProvided "
        "OtherTypeProvided MovingOnOtherType SubTypeProvided FAAmount FAStartDate FAEndDate ReferralOutcome",
        "User": "UserID UserFirstName UserLastName UserPhone UserExtension UserEmail",
        "YouthEducationStatus": "YouthEducationStatusID EnrollmentID PersonalID InformationDate "
        "CurrentSchoolAttend MostRecentEdStatus CurrentEdStatus DataCollectionStage",
    }.items()
}
EXPORT_COLUMNS = [
    "ExportID",
    "SourceType",
    "SourceID",
    "SourceName",
    "SourceContactFirst",
    "SourceContactLast",
    "SourceContactPhone",
    "SourceContactExtension",
    "SourceContactEmail",
    "ExportDate",
    "ExportStartDate",
    "ExportEndDate",
    "SoftwareName",
    "SoftwareVersion",
    "CSVVersion",
    "ExportPeriodType",
    "ExportDirective",
    "HashStatus",
    "ImplementationID",
]
RACE_COLUMNS = {
    "AmIndAKNative": "American Indian or Alaska Native",
    "Asian": "Asian",
    "BlackAfAmerican": "Black or African American",
    "HispanicLatinao": "Hispanic or Latino",
    "MidEastNAfrican": "Middle Eastern or North African",
    "NativeHIPacific": "Native Hawaiian or Pacific Islander",
    "White": "White",
}


def write_hmis(random: np.random.Generator, files: Files, cohort: Cohort) -> None:
    """Appends a cohort; the first one also brings what describes projects and the export."""
    is_first = cohort.before["people"] == 0
    if is_first:
        _write_frame(files, cohort)
    stays = cohort.housing.stays
    number = cohort.before["hmis"] + 700_001 + np.arange(len(stays))
    files.add(f"{ARCHIVE}/Client.csv", _clients(random, cohort))
    files.add(f"{ARCHIVE}/Enrollment.csv", _enrollments(random, cohort, number))
    files.add(f"{ARCHIVE}/Exit.csv", _exits(random, cohort, number))
    files.add(f"{ARCHIVE}/CurrentLivingSituation.csv", _sightings(cohort, number))


def _file(name: str, length: int, **cells) -> pa.Table:
    """A file with all columns of the standard; those not given stay empty."""
    created = pa.array(["2026-11-01 06:00:00"] * length, pa.string())
    cells = {"DateCreated": created, "DateUpdated": created, "UserID": pa.array(["1"] * length)} | cells
    cells["ExportID"] = pa.array([EXPORT_ID] * length, pa.string())
    empty = pa.nulls(length, pa.string())
    return pa.table({column: cells.get(column, empty) for column in COLUMNS[name]})


def _texts(values) -> pa.Array:
    return pa.array(list(map(str, values)), pa.string())


def _write_frame(files: Files, cohort: Cohort) -> None:
    first, end = (str(np.datetime64(day, "D")) for day in (cohort.calendar.first, cohort.calendar.end - 1))
    export = {
        "ExportID": EXPORT_ID, "SourceType": "1", "SourceName": "Harbor County (invented)",
        "ExportDate": "2026-11-01 06:00:00", "ExportStartDate": first, "ExportEndDate": end,
        "SoftwareName": "leadstats sample", "CSVVersion": "2026 v1.0", "ExportPeriodType": "3",
        "ExportDirective": "2", "HashStatus": "1",
    }  # fmt: skip
    files.add(f"{ARCHIVE}/Export.csv", pa.table({name: [export.get(name)] for name in EXPORT_COLUMNS}).cast(
        pa.schema([(name, pa.string()) for name in EXPORT_COLUMNS])))  # fmt: skip
    projects = len(PROJECTS) + 1
    kinds = [project.kind for project in PROJECTS] + [0]
    owners = [_organization(kind) for kind in kinds[:-1]] + [len(ORGANIZATIONS)]
    number = _texts(range(1, projects + 1))
    described = {
        "User": _file("User", 1, UserID=_texts([1])),
        "Organization": _file("Organization", len(ORGANIZATIONS),
                              OrganizationID=_texts(range(1, len(ORGANIZATIONS) + 1)),
                              OrganizationName=_texts(ORGANIZATIONS), VictimServiceProvider=_texts([0, 0, 0, 1])),
        "Project": _file("Project", projects, ProjectID=number, OrganizationID=_texts(owners),
                         ProjectName=_texts([project.name for project in PROJECTS] + ["Safe House"]),
                         OperatingStartDate=_texts(["2015-07-01"] * projects), ContinuumProject=_texts([1] * projects),
                         ProjectType=_texts(kinds)),
        "ProjectCoC": _file("ProjectCoC", projects, ProjectCoCID=number, ProjectID=number,
                            CoCCode=_texts(["XX-500"] * projects)),
        "HMISParticipation": _file("HMISParticipation", projects, HMISParticipationID=number, ProjectID=number,
                                   HMISParticipationType=_texts([1] * projects),
                                   HMISParticipationStatusStartDate=_texts(["2015-07-01"] * projects)),
    }  # fmt: skip
    filled = {"Client", "Enrollment", "Exit", "CurrentLivingSituation"}
    for name in COLUMNS:
        if name not in filled:
            files.add(f"{ARCHIVE}/{name}.csv", described.get(name, _file(name, 0)))


def _organization(kind: int) -> int:
    """Outreach, shelters and homes are run by one organization each."""
    return 1 if kind == 4 else 3 if kind in (3, 9, 10, 13) else 2


def _clients(random: np.random.Generator, cohort: Cohort) -> pa.Table:
    clients = cohort.housing.clients
    number = len(clients)
    unknown = random.random(number) < 0.05
    boxes = {
        column: words(
            np.array([race in group.races for group in RACE_SETS])[clients["race"]] & ~unknown, "01"
        )
        for column, race in RACE_COLUMNS.items()
    }
    no_birth = random.random(number) < 0.015
    return _file(
        "Client",
        number,
        PersonalID=numbers("H", cohort.hmis_client(clients["person"])),
        NameDataQuality=words(np.zeros(number), ["99"]),
        SSNDataQuality=words(np.zeros(number), ["99"]),
        DOB=dates(np.where(no_birth, NEVER, clients["born"]), ISO, cohort.calendar.end),
        DOBDataQuality=words(no_birth, ("1", "99")),
        Sex=words(clients["sex"], ("1", "0", "9")),
        RaceNone=words(random.choice(3, number, p=[0.3, 0.2, 0.5]), ("8", "9", "99"), missing=~unknown),
        VeteranStatus=words(random.random(number) < 0.08, "01"),
        **boxes,
    )


def _enrollments(random: np.random.Generator, cohort: Cohort, number: np.ndarray) -> pa.Table:
    stays, end = cohort.housing.stays, cohort.calendar.end
    project = np.where(random.random(len(stays)) < 0.012, VICTIM_SERVICES, stays["project"])
    has_moved = stays["move_in"].to_numpy() < np.minimum(stays["exit"], end)
    move_in = np.where(has_moved, stays["move_in"], NEVER)
    early = some(random, has_moved, cohort.slips(1 / 2))
    move_in[early] = stays["entry"].to_numpy()[early] - 15
    entered = spoiled(random, dates(stays["entry"], ISO, end), ("", "0000-00-00"), cohort.slips(1 / 3))
    return _file(
        "Enrollment",
        len(stays),
        EnrollmentID=numbers("", number),
        PersonalID=numbers("H", cohort.hmis_client(stays["person"])),
        ProjectID=numbers("", project + 1),
        EntryDate=entered,
        HouseholdID=numbers("HH", number),
        RelationshipToHoH=words(np.zeros(len(stays)), ["1"]),
        EnrollmentCoC=words(np.zeros(len(stays)), ["XX-500"]),
        LivingSituation=numbers("", stays["prior"]),
        MoveInDate=dates(move_in, ISO, end),
        DateDeleted=words(
            np.zeros(len(stays)), ["2026-10-05 09:00:00"], missing=random.random(len(stays)) > 0.006
        ),
    )


def _exits(random: np.random.Generator, cohort: Cohort, number: np.ndarray) -> pa.Table:
    stays = cohort.housing.stays
    is_over = (stays["exit"] < cohort.calendar.end).to_numpy()
    left, owner = stays[is_over], number[is_over]
    everyone = np.ones(len(left), dtype=bool)
    day = left["exit"].to_numpy().copy()
    early = some(random, everyone, cohort.slips(1 / 2))
    day[early] = left["entry"].to_numpy()[early] - 3
    orphans = some(random, everyone, cohort.slips(1 / 4))
    owner = owner.copy()
    owner[orphans] = 9_000_000 + cohort.before["hmis"] + orphans
    is_subsidized = (left["destination"] == 435).to_numpy()
    return _file(
        "Exit",
        len(left),
        ExitID=numbers("X", number[is_over]),
        EnrollmentID=numbers("", owner),
        PersonalID=numbers("H", cohort.hmis_client(left["person"])),
        ExitDate=dates(day, ISO, cohort.calendar.end),
        Destination=numbers("", left["destination"]),
        DestinationSubsidyType=words(
            random.integers(0, 3, len(left)), ("431", "433", "439"), missing=~is_subsidized
        ),
    )


def _sightings(cohort: Cohort, number: np.ndarray) -> pa.Table:
    seen = cohort.housing.sightings
    return _file(
        "CurrentLivingSituation",
        len(seen),
        CurrentLivingSitID=numbers("C", np.arange(len(seen)) + 10 * cohort.before["hmis"]),
        EnrollmentID=numbers("", number[seen["stay"]]),
        PersonalID=numbers("H", cohort.hmis_client(seen["person"])),
        InformationDate=dates(seen["day"], ISO, cohort.calendar.end),
        CurrentLivingSituation=numbers("", seen["situation"]),
        LocationDetails=words(np.zeros(len(seen)), ["by the old depot"]),
    )
