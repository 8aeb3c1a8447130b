-- How far the people of each source are known: linked where it numbers them its own way, and how many
-- participants have any record there. Rosters count as the stays they became.
CREATE TABLE export.match AS
WITH record AS (
    SELECT
        CASE WHEN is_hmis THEN 'hmis' ELSE table_name END AS source,
        person_id,
        is_unlinked
    FROM numbered
    WHERE table_name NOT IN ('person_link', 'jail_roster')
),

participant AS (
    SELECT DISTINCT person_id
    FROM record
    WHERE source IN ('referral', 'enrollment')
)

SELECT
    record.source,
    record.source IN (FROM keys.own_numbers)
    OR bool_or(record.is_unlinked) AS has_own_numbers,
    count(*) AS records,
    count(*) FILTER (WHERE record.is_unlinked) AS unlinked_records,
    count(*) FILTER (WHERE record.person_id IS NULL) AS nameless_records,
    count(DISTINCT record.person_id) AS people,
    count(DISTINCT record.person_id) FILTER (WHERE record.is_unlinked) AS unlinked_people,
    count(DISTINCT participant.person_id) AS participants,
    (SELECT count(*) FROM participant) AS all_participants
FROM record
LEFT JOIN participant ON record.person_id = participant.person_id
GROUP BY record.source
ORDER BY record.source;

-- Everybody whom any export mentions. Links mention nobody, and lists of the jail only whom its stays do.
-- is_unlinked: numbered by a source in its own way, and nobody has said who it is.
CREATE TABLE export.mentioned AS
SELECT
    person.key AS person_key,
    bool_or(numbered.table_name IN ('referral', 'enrollment')) AS is_participant,
    bool_or(numbered.is_unlinked) AS is_unlinked
FROM numbered
INNER JOIN keys.person_id AS person ON numbered.person_id = person.id
WHERE numbered.table_name NOT IN ('person_link', 'jail_roster')
GROUP BY person.key;
