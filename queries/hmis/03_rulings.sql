-- How a row is judged: `ruling` says why it is left out and is NULL for a row that counts.

CREATE MACRO hmis.left_out(wanted_fate, wanted_code, column_name, cell, wanted) AS
struct_pack(
    fate := wanted_fate,
    code := wanted_code,
    column_name := column_name,
    cell := cell::VARCHAR,
    wanted := wanted
);

CREATE MACRO hmis.out_of_scope(column_name, reason) AS
hmis.left_out('out_of_scope', 'LD-605', column_name, reason, NULL);

-- No date there means cells that slipped into the wrong columns, not a deletion.
CREATE MACRO hmis.deleted(cell) AS
CASE
    WHEN hmis.written_day(cell) IS NOT NULL
        THEN hmis.out_of_scope('DateDeleted', 'deleted in HMIS')
    ELSE hmis.left_out('rejected', 'LD-203', 'DateDeleted', NULL, 'empty, or the date of the deletion')
END;

CREATE MACRO hmis.empty(column_name) AS hmis.left_out('rejected', 'LD-202', column_name, NULL, NULL);

CREATE MACRO hmis.bad_date(column_name, cell) AS
hmis.left_out('rejected', 'LD-203', column_name, cell, 'a date such as 2026-10-31');

CREATE MACRO hmis.after_export(column_name, cell) AS
hmis.left_out('rejected', 'LD-608', column_name, cell, 'a day until the export was made');

-- A row whose owner is left out shares the owner's fate; one without an owner is rejected.
CREATE MACRO hmis.ruling_of_owner(owner_fate, column_name, cell, wanted) AS
CASE
    WHEN owner_fate = 'out_of_scope' THEN hmis.out_of_scope(column_name, 'part of a record out of scope')
    WHEN owner_fate IS DISTINCT FROM 'loaded'
        THEN hmis.left_out('rejected', 'LD-603', column_name, cell, wanted)
END;

-- For what belongs to an enrollment, and to its person.
CREATE MACRO hmis.ruling_of_part(deleted_cell, enrollment_cell, person_cell, owner_fate, owner_person) AS
CASE
    WHEN deleted_cell IS NOT NULL THEN hmis.deleted(deleted_cell)
    WHEN enrollment_cell IS NULL THEN hmis.empty('EnrollmentID')
    WHEN person_cell IS NULL THEN hmis.empty('PersonalID')
    WHEN owner_fate IS DISTINCT FROM 'loaded'
        THEN hmis.ruling_of_owner(owner_fate, 'EnrollmentID', enrollment_cell, 'an enrollment that counts')
    WHEN person_cell <> owner_person
        THEN hmis.left_out('rejected', 'LD-603', 'PersonalID', person_cell, 'the person of the enrollment')
END;

CREATE MACRO hmis.with_content(wanted_table) AS TABLE
SELECT
    *,
    [*COLUMNS(* EXCLUDE (file_number, row_number))] AS content
FROM query_table(wanted_table);

-- Of the good rows with one key the fullest counts, then the first by content: never by position,
-- so that the order of rows changes nothing. Needs the columns key, content and ruling.
CREATE MACRO hmis.without_copies(wanted_table, key_column) AS TABLE
SELECT
    * REPLACE (
        CASE
            WHEN ruling IS NOT NULL THEN ruling
            WHEN row_number() OVER copies > 1
                THEN hmis.left_out(
                    'duplicate',
                    CASE WHEN content = first_value(content) OVER copies THEN 'LD-302' ELSE 'LD-301' END,
                    key_column,
                    NULL,
                    NULL
                )
        END AS ruling
    )
FROM query_table(wanted_table)
WINDOW copies AS (PARTITION BY key, ruling IS NULL ORDER BY list_count(content) DESC, content, row_number);

-- The fate of a key is the best of its rows' fates.
CREATE MACRO hmis.fates(wanted_table) AS TABLE
SELECT
    key,
    CASE
        WHEN bool_or(ruling IS NULL) THEN 'loaded'
        WHEN bool_or(ruling.fate = 'out_of_scope') THEN 'out_of_scope'
        ELSE 'rejected'
    END AS fate
FROM query_table(wanted_table)
GROUP BY key;
