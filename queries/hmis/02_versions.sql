-- What the cells mean. All differences between FY2022, FY2024 and FY2026 beyond headers are here.

-- A spreadsheet turns 1 into 1.0.
CREATE MACRO hmis.code_of(cell) AS regexp_replace(cell, '\.0+$', '');

-- The formats with the year last come first, since 04-08-19 also reads as the year 4.
CREATE MACRO hmis.written_day(cell) AS
try_strptime(
    regexp_replace(cell, '[ T]\d{1,2}:\d{2}.*$', ''),
    ['%m/%d/%Y', '%m-%d-%Y', '%d-%b-%Y', '%Y-%m-%d', '%Y/%m/%d']
)::DATE;

-- A year of two digits stands only if one century alone puts it between the two days. The day is made an element of
-- a list: a macro repeats what it is given wherever it names it, and planning dozens of copies takes longer than
-- reading a small export.
CREATE MACRO hmis.any_day_of(cell, earliest, latest) AS
list_transform(
    [hmis.written_day(cell)],
    LAMBDA day: CASE
        WHEN year(day) BETWEEN 1900 AND 2199 THEN day
        WHEN year(day) < 100
            THEN CASE
                (day + INTERVAL 1900 YEAR BETWEEN earliest AND latest)::INTEGER
                + 2 * (day + INTERVAL 2000 YEAR BETWEEN earliest AND latest)::INTEGER
                WHEN 1 THEN (day + INTERVAL 1900 YEAR)::DATE
                WHEN 2 THEN (day + INTERVAL 2000 YEAR)::DATE
            END
    END
)[1];

-- Days that stand for no day are none.
CREATE MACRO hmis.day_of(cell, earliest, latest) AS
list_filter(
    [hmis.any_day_of(cell, earliest, latest)], LAMBDA day: year(day) >= 1902 AND NOT is_stand_in_day(day)
)[1];

CREATE MACRO hmis.birthday_of(cell, earliest, latest) AS
list_filter([hmis.any_day_of(cell, earliest, latest)], LAMBDA day: is_birthday(day))[1];

-- Whether a cell that gave no day says that there is none; the words are those of the other readers.
CREATE MACRO hmis.says_no_day(cell) AS
coalesce(is_stand_in_day(hmis.written_day(cell)), FALSE)
OR says_nothing(cell, 'UTC', ['null', 'none', 'n a', 'na']);

-- What happened after the day of the export, nobody can have known. It reaches as far as it says, but not beyond that
-- day, unless the site says so.
CREATE TABLE hmis.release AS
SELECT
    $version::VARCHAR AS version,
    -- Some exports are dated before the end of the period that they hold; then the later day is the one to trust.
    greatest(max(exported_on), max(covered_on)) AS exported_on,
    least(max(covered_on), max(exported_on)) AS covered_until,
    DATE '1980-01-01' AS earliest_event,
    (greatest(max(exported_on), max(covered_on)) - INTERVAL 110 YEAR)::DATE AS earliest_birth
FROM (
    SELECT
        hmis.day_of(ExportDate, NULL, NULL) AS exported_on,
        hmis.day_of(ExportEndDate, NULL, NULL) AS covered_on
    FROM hmis.export_file
);

-- HUD's codes as this version of the export writes them.
CREATE TABLE hmis.code AS
SELECT DISTINCT
    hud.code,
    hud.is_situation,
    hud.is_destination,
    (CASE WHEN release.version = 'FY2022' THEN hud.fy2022 ELSE hud.code END)::VARCHAR AS written
FROM (SELECT code, is_situation, is_destination, unnest(fy2022) AS fy2022 FROM codes.housing) AS hud
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
