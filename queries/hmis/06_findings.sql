-- What became of each row, and everything worth telling.

CREATE TABLE hmis.fate AS
SELECT 'organization' AS file, file_number, row_number, ruling FROM hmis.organization
UNION ALL
SELECT 'project', file_number, row_number, ruling FROM hmis.project
UNION ALL
SELECT 'client', file_number, row_number, ruling FROM hmis.client
UNION ALL
SELECT 'enrollment', file_number, row_number, ruling FROM hmis.enrollment
UNION ALL
SELECT 'exit', file_number, row_number, ruling FROM hmis.exit
UNION ALL
SELECT 'currentlivingsituation', file_number, row_number, ruling FROM hmis.currentlivingsituation
UNION ALL
SELECT 'services', file_number, row_number, ruling FROM hmis.services;

-- Dates of rows that count: as written, and as understood.
CREATE TABLE hmis.date_cell AS
SELECT file_number, row_number, 'DOB' AS column_name, DOB AS cell, birth_date AS day
FROM hmis.client
WHERE ruling IS NULL
UNION ALL
SELECT file_number, row_number, 'EntryDate', EntryDate, entered_on FROM hmis.enrollment WHERE ruling IS NULL
UNION ALL
SELECT file_number, row_number, 'MoveInDate', MoveInDate, move_in_on FROM hmis.enrollment WHERE ruling IS NULL
UNION ALL
SELECT file_number, row_number, 'ExitDate', ExitDate, left_on FROM hmis.exit WHERE ruling IS NULL
UNION ALL
SELECT file_number, row_number, 'InformationDate', InformationDate, observed_on
FROM hmis.currentlivingsituation
WHERE ruling IS NULL
UNION ALL
SELECT file_number, row_number, 'DateProvided', DateProvided, night_on
FROM hmis.services
WHERE ruling IS NULL;

-- Codes of rows that count and are not on HUD's list.
CREATE TABLE hmis.odd_code AS
SELECT
    file_number,
    row_number,
    'VictimServiceProvider' AS column_name,
    VictimServiceProvider AS cell,
    '0 or 1' AS wanted
FROM hmis.organization
WHERE ruling IS NULL AND hmis.code_of(VictimServiceProvider) NOT IN ('0', '1')
UNION ALL
SELECT file_number, row_number, 'ProjectType', ProjectType, 'a project type of HUD, 0 to 14'
FROM hmis.project
WHERE ruling IS NULL AND ProjectType IS NOT NULL AND project_type IS NULL
UNION ALL
SELECT file_number, row_number, 'Sex', Sex, '0, 1, 8, 9 or 99'
FROM hmis.client
WHERE ruling IS NULL AND hmis.code_of(Sex) NOT IN ('0', '1', '8', '9', '99')
UNION ALL
SELECT box.file_number, box.row_number, 'the columns of race', box.cell, '0, 1 or 99'
FROM hmis.race_box AS box
INNER JOIN hmis.client ON box.file_number = client.file_number AND box.row_number = client.row_number
WHERE client.ruling IS NULL AND hmis.code_of(box.cell) NOT IN ('0', '1', '8', '9', '99')
UNION ALL
SELECT file_number, row_number, 'RelationshipToHoH', RelationshipToHoH, '1 to 5, or 99'
FROM hmis.enrollment
WHERE ruling IS NULL AND hmis.code_of(RelationshipToHoH) NOT IN ('1', '2', '3', '4', '5', '99')
UNION ALL
SELECT file_number, row_number, 'LivingSituation', LivingSituation, 'a living situation of ' || version
FROM hmis.enrollment
CROSS JOIN hmis.release
WHERE ruling IS NULL AND LivingSituation IS NOT NULL AND situation IS NULL
UNION ALL
SELECT file_number, row_number, 'Destination', Destination, 'a destination of ' || version
FROM hmis.exit
CROSS JOIN hmis.release
WHERE ruling IS NULL AND Destination IS NOT NULL AND destination_code IS NULL;

CREATE TABLE hmis.finding AS
SELECT
    file_number,
    row_number,
    ruling.code AS code,
    ruling.column_name AS column_name,
    ruling.cell AS cell,
    ruling.wanted AS wanted
FROM hmis.fate
WHERE ruling IS NOT NULL
UNION ALL
SELECT
    file_number,
    row_number,
    CASE WHEN hmis.says_no_day(cell) THEN 'LD-211' ELSE 'LD-204' END,
    column_name,
    cell,
    'a date such as 2026-10-31'
FROM hmis.date_cell
WHERE cell IS NOT NULL AND day IS NULL
UNION ALL
SELECT file_number, row_number, 'LD-606', column_name, cell, NULL
FROM hmis.date_cell
WHERE day IS NOT NULL AND NOT regexp_matches(cell, '^\d{4}-\d{2}-\d{2}')
UNION ALL
SELECT file_number, row_number, 'LD-204', column_name, cell, wanted
FROM hmis.odd_code
UNION ALL
SELECT file_number, row_number, 'LD-607', 'MoveInDate', MoveInDate, NULL
FROM hmis.stay
WHERE move_in_on IS NOT NULL AND own_move_in_on IS NULL
UNION ALL
SELECT file_number, row_number, 'LD-604', 'ExitDate', ExitDate, NULL
FROM hmis.exit
WHERE ruling IS NULL AND is_before_entry
UNION ALL
-- Without Services.csv the nights of night-by-night shelter are not known.
SELECT stay.file_number, stay.row_number, 'LD-609', 'EntryDate', NULL, NULL
FROM hmis.stay
WHERE stay.project_type = 1 AND NOT EXISTS (FROM hmis.services_file)
UNION ALL
SELECT client.file_number, client.row_number, 'LD-610', 'Ethnicity', NULL, NULL
FROM hmis.client
CROSS JOIN hmis.release
WHERE client.ruling IS NULL AND release.version = 'FY2022' AND hmis.code_of(client.Ethnicity) = '1';
