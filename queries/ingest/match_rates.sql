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

-- NULL is a person here, of the rows that name none.
person AS (
    SELECT
        source,
        person_id,
        count(*) AS records,
        count(*) FILTER (WHERE is_unlinked) AS unlinked_records
    FROM record
    GROUP BY source, person_id
),

participant AS (
    SELECT DISTINCT person_id
    FROM person
    WHERE source IN ('referral', 'enrollment')
)

SELECT
    person.source,
    person.source IN (FROM keys.own_numbers) OR sum(person.unlinked_records) > 0 AS has_own_numbers,
    sum(person.records)::BIGINT AS records,
    sum(person.unlinked_records)::BIGINT AS unlinked_records,
    coalesce(sum(person.records) FILTER (WHERE person.person_id IS NULL), 0)::BIGINT AS nameless_records,
    count(person.person_id) AS people,
    count(person.person_id) FILTER (WHERE person.unlinked_records > 0) AS unlinked_people,
    count(participant.person_id) AS participants,
    (SELECT count(*) FROM participant) AS all_participants
FROM person
LEFT JOIN participant ON person.person_id = participant.person_id
GROUP BY person.source
ORDER BY person.source;

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
