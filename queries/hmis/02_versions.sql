-- What the cells mean. All differences between FY2022, FY2024 and FY2026 beyond headers are here.

-- A spreadsheet turns 1 into 1.0.
CREATE MACRO hmis.code_of(cell) AS regexp_replace(cell, '\.0+$', '');

-- The formats with the year last come first, since 04-08-19 also reads as the year 4.
CREATE MACRO hmis.written_day(cell) AS
try_strptime(
    regexp_replace(cell, '[ T]\d{1,2}:\d{2}.*$', ''),
    ['%m/%d/%Y', '%m-%d-%Y', '%d-%b-%Y', '%Y-%m-%d', '%Y/%m/%d']
)::DATE;

-- A year of two digits stands only if one century alone puts it between the two days.
CREATE MACRO hmis.day_of(cell, earliest, latest) AS
CASE
    WHEN year(hmis.written_day(cell)) BETWEEN 1900 AND 2199 THEN hmis.written_day(cell)
    WHEN year(hmis.written_day(cell)) < 100
        THEN CASE
            (hmis.written_day(cell) + INTERVAL 1900 YEAR BETWEEN earliest AND latest)::INTEGER
            + 2 * (hmis.written_day(cell) + INTERVAL 2000 YEAR BETWEEN earliest AND latest)::INTEGER
            WHEN 1 THEN (hmis.written_day(cell) + INTERVAL 1900 YEAR)::DATE
            WHEN 2 THEN (hmis.written_day(cell) + INTERVAL 2000 YEAR)::DATE
        END
END;

CREATE TABLE hmis.release AS
SELECT
    $version::VARCHAR AS version,
    exported_on,
    DATE '1980-01-01' AS earliest_event,
    (exported_on - INTERVAL 110 YEAR)::DATE AS earliest_birth
FROM (
    SELECT
        max(
            greatest(hmis.day_of(ExportDate, NULL, NULL), hmis.day_of(ExportEndDate, NULL, NULL))
        ) AS exported_on
    FROM hmis.export_file
);

-- HUD's codes since FY2024, with those of FY2022, which told the kinds of subsidy apart.
CREATE TABLE hmis.code AS
SELECT DISTINCT
    hud.code,
    hud.is_situation,
    hud.is_destination,
    (CASE WHEN release.version = 'FY2022' THEN hud.fy2022 ELSE hud.code END)::VARCHAR AS written
FROM (
    VALUES
    (101, 1, TRUE, TRUE), -- emergency shelter
    (116, 16, TRUE, TRUE), -- place not meant for habitation
    (118, 18, TRUE, TRUE), -- Safe Haven
    (204, 4, TRUE, TRUE), -- psychiatric hospital
    (205, 5, TRUE, TRUE), -- substance use treatment or detox
    (206, 6, TRUE, TRUE), -- other hospital
    (207, 7, TRUE, TRUE), -- jail, prison or juvenile detention
    (215, 15, TRUE, TRUE), -- foster care
    (225, 25, TRUE, TRUE), -- long-term care
    (302, 2, TRUE, TRUE), -- transitional housing
    (312, 12, FALSE, TRUE), -- with family, for a time
    (313, 13, FALSE, TRUE), -- with friends, for a time
    (314, 14, TRUE, TRUE), -- hotel without a voucher
    (327, 27, FALSE, TRUE), -- HOPWA transitional housing
    (329, 29, TRUE, TRUE), -- halfway house
    (332, 32, TRUE, TRUE), -- host home
    (335, 35, TRUE, FALSE), -- a family member's place
    (336, 36, TRUE, FALSE), -- a friend's place
    (410, 10, TRUE, TRUE), -- rented, no subsidy
    (411, 11, TRUE, TRUE), -- owned, no subsidy
    (421, 21, TRUE, TRUE), -- owned, with subsidy
    (422, 22, FALSE, TRUE), -- with family, for good
    (423, 23, FALSE, TRUE), -- with friends, for good
    (426, 26, FALSE, TRUE), -- HOPWA permanent housing
    (435, 3, TRUE, TRUE), -- rented, with subsidy: housing for people who were homeless
    (435, 19, TRUE, TRUE), -- VASH
    (435, 20, TRUE, TRUE), -- another lasting subsidy
    (435, 28, TRUE, TRUE), -- GPD TIP
    (435, 31, TRUE, TRUE), -- rapid re-housing
    (435, 33, TRUE, TRUE), -- voucher
    (435, 34, TRUE, TRUE), -- public housing
    (8, 8, TRUE, TRUE), -- does not know
    (9, 9, TRUE, TRUE), -- prefers not to answer
    (17, 17, TRUE, TRUE), -- other
    (24, 24, FALSE, TRUE), -- died
    (30, 30, FALSE, TRUE), -- no exit interview
    (37, 37, TRUE, FALSE), -- worker unable to determine
    (99, 99, TRUE, TRUE) -- not collected
) AS hud (code, fy2022, is_situation, is_destination)
CROSS JOIN hmis.release;

-- FY2022 had one type of emergency shelter and told apart how its nights are tracked.
CREATE MACRO hmis.project_type_of(type_cell, tracking_cell, version) AS
CASE
    WHEN
        version = 'FY2022'
        AND hmis.code_of(type_cell) = '1'
        AND hmis.code_of(tracking_cell) IS DISTINCT FROM '3'
        THEN 0
    WHEN list_contains(range(15), try_cast(hmis.code_of(type_cell) AS INTEGER))
        THEN try_cast(hmis.code_of(type_cell) AS INTEGER)
END;

-- Race is asked by boxes to tick; in FY2022 ethnicity was a question of its own, its 1 the same box.
CREATE VIEW hmis.race_box AS
UNPIVOT (
    SELECT
        file_number,
        row_number,
        AmIndAKNative AS "American Indian or Alaska Native",
        Asian AS "Asian",
        BlackAfAmerican AS "Black or African American",
        coalesce(HispanicLatinao, HispanicLatinaeo, Ethnicity) AS "Hispanic or Latino",
        MidEastNAfrican AS "Middle Eastern or North African",
        NativeHIPacific AS "Native Hawaiian or Pacific Islander",
        White AS "White"
    FROM hmis.client_file
)
ON COLUMNS(* EXCLUDE (file_number, row_number))
INTO NAME label VALUE cell;

-- Asked until FY2024. Sex, asked since FY2026, is another question and is not derived from it.
CREATE VIEW hmis.gender_box AS
UNPIVOT (
    SELECT
        file_number,
        row_number,
        coalesce(Woman, Female) AS "Woman",
        coalesce(Man, Male) AS "Man",
        coalesce(NonBinary, NoSingleGender) AS "Non-binary",
        CulturallySpecific AS "Culturally specific",
        Transgender AS "Transgender",
        Questioning AS "Questioning",
        DifferentIdentity AS "Different identity"
    FROM hmis.client_file
)
ON COLUMNS(* EXCLUDE (file_number, row_number))
INTO NAME label VALUE cell;
