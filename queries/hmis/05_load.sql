-- What counts, into the tables where all sources meet.

-- The end of the export as it states it, not its last entry: small sites may have none for months.
INSERT INTO keys.stated_reach
SELECT source, release.covered_until
FROM hmis.release
CROSS JOIN unnest(['housing', 'living_situation']) AS each_source (source)
WHERE release.covered_until IS NOT NULL;

-- A move-in counts in permanent housing, between entry and exit and before the export was made; in
-- supportive housing (3) not on the day of the exit, which in rapid re-housing is a way of being housed.
CREATE MACRO hmis.valid_move_in(day, entered_on, exited_on, project_type, exported_on) AS
CASE
    WHEN
        project_type IN (
            SELECT hud.project_type
            FROM codes.project AS hud
            WHERE hud.kind IN ('permanent', 'rapid re-housing')
        )
        AND day >= entered_on
        AND (exited_on IS NULL OR day < exited_on OR (day = exited_on AND project_type <> 3))
        AND (exported_on IS NULL OR day <= exported_on)
        THEN day
END;

CREATE TABLE hmis.stay AS
SELECT
    enrollment.*,
    project.project_type,
    exit_made.exited_on,
    exit_made.destination_code,
    hmis.code_of(enrollment.RelationshipToHoH) = '1' AND enrollment.HouseholdID IS NOT NULL AS is_head,
    release.exported_on,
    -- Left on a day that nobody can read, or that had not come: not there any more, and nobody knows since when.
    exit_made.exited_on IS NULL AND unread.key IS NOT NULL AS has_unread_exit,
    hmis.valid_move_in(
        enrollment.move_in_on,
        enrollment.entered_on,
        exit_made.exited_on,
        project.project_type,
        release.exported_on
    ) AS own_move_in_on
FROM hmis.enrollment
CROSS JOIN hmis.release
INNER JOIN hmis.project ON enrollment.ProjectID = project.key AND project.ruling IS NULL
LEFT JOIN hmis.exit AS exit_made ON enrollment.key = exit_made.key AND exit_made.ruling IS NULL
LEFT JOIN (
    SELECT DISTINCT key FROM hmis.exit
    WHERE ruling.fate = 'rejected' AND ruling.column_name = 'ExitDate'
) AS unread ON enrollment.key = unread.key
WHERE enrollment.ruling IS NULL;

-- The date stands with the head of the household; others moved in with the head, or when they came. Numbers of
-- households are used again, so the head is the one who was there at the same time.
INSERT INTO raw.housing BY NAME
WITH head AS (
    SELECT
        stay.key,
        min(head.own_move_in_on) AS moved_in_on
    FROM hmis.stay
    INNER JOIN hmis.stay AS head
        ON
            stay.ProjectID = head.ProjectID
            AND stay.HouseholdID = head.HouseholdID
            AND (
                stay.entered_on = head.entered_on
                OR (
                    head.entered_on < coalesce(stay.exited_on, DATE '9999-12-31')
                    AND stay.entered_on < coalesce(head.exited_on, DATE '9999-12-31')
                )
            )
    WHERE head.is_head AND NOT stay.is_head
    GROUP BY stay.key
)

SELECT
    stay.file_number,
    stay.row_number,
    stay.PersonalID AS person_id,
    stay.project_type::VARCHAR AS project_type,
    stay.entered_on::VARCHAR AS entered_on,
    CASE
        WHEN stay.is_head OR head.key IS NULL THEN stay.own_move_in_on
        -- greatest() would skip the missing date of a head who has not moved in.
        WHEN head.moved_in_on IS NOT NULL
            THEN hmis.valid_move_in(
                greatest(head.moved_in_on, stay.entered_on),
                stay.entered_on,
                stay.exited_on,
                stay.project_type,
                stay.exported_on
            )
    END::VARCHAR AS moved_in_on,
    CASE WHEN stay.has_unread_exit THEN 'unread' ELSE stay.exited_on::VARCHAR END AS exited_on,
    stay.destination_code::VARCHAR AS destination
FROM hmis.stay
LEFT JOIN head ON stay.key = head.key;

INSERT INTO raw.person BY NAME
SELECT
    client.file_number,
    client.row_number,
    client.PersonalID AS person_id,
    client.birth_date::VARCHAR AS birth_date,
    CASE hmis.code_of(client.Sex) WHEN '0' THEN 'Female' WHEN '1' THEN 'Male' END AS sex,
    gender.labels AS gender,
    race.labels AS race
FROM hmis.client
LEFT JOIN (
    SELECT file_number, row_number, string_agg(label, ';' ORDER BY label) AS labels
    FROM hmis.race_box
    WHERE hmis.code_of(cell) = '1'
    GROUP BY ALL
) AS race ON client.file_number = race.file_number AND client.row_number = race.row_number
LEFT JOIN (
    SELECT file_number, row_number, string_agg(label, ';' ORDER BY label) AS labels
    FROM hmis.gender_box
    WHERE hmis.code_of(cell) = '1'
    GROUP BY ALL
) AS gender ON client.file_number = gender.file_number AND client.row_number = gender.row_number
WHERE client.ruling IS NULL;

INSERT INTO raw.living_situation BY NAME
SELECT
    file_number,
    row_number,
    PersonalID AS person_id,
    entered_on::VARCHAR AS observed_on,
    situation::VARCHAR AS code,
    'HMIS, at entry' AS source
FROM hmis.enrollment
WHERE ruling IS NULL AND situation IS NOT NULL
UNION ALL BY NAME
SELECT
    file_number,
    row_number,
    PersonalID AS person_id,
    observed_on::VARCHAR AS observed_on,
    situation::VARCHAR AS code,
    'HMIS, current' AS source
FROM hmis.currentlivingsituation
WHERE ruling IS NULL
UNION ALL BY NAME
-- In night-by-night shelter a stay is its nights.
SELECT
    file_number,
    row_number,
    PersonalID AS person_id,
    night_on::VARCHAR AS observed_on,
    '101' AS code,
    'HMIS, bed night' AS source
FROM hmis.services
WHERE ruling IS NULL;
