-- How many people of each source have a record in LEAD, by the numbers as written and by the numbers written alike;
-- and which differences alone would let how many more meet.
WITH program AS (
    SELECT DISTINCT
        person_id,
        alike(person_id, $kinds) AS written_alike
    FROM keys.met
    WHERE source IN ('referral', 'enrollment')
),

other AS (
    SELECT
        source,
        person_id,
        is_unlinked,
        person_id IN (SELECT person_id FROM program) AS is_met,
        alike(person_id, $kinds) AS written_alike
    FROM keys.met
    WHERE source NOT IN ('referral', 'enrollment') AND EXISTS (FROM program)
),

missed AS (
    SELECT
        other.source,
        other.person_id,
        program.person_id AS their_id
    FROM other
    INNER JOIN program ON other.written_alike = program.written_alike
    WHERE NOT other.is_met AND NOT other.is_unlinked
),

kind AS (
    SELECT
        source,
        list(kind ORDER BY kind) AS kinds
    FROM (
        SELECT DISTINCT missed.source, single.kind
        FROM missed
        CROSS JOIN unnest($kinds) AS single (kind)
        -- A kind matters if the numbers do not meet without it.
        WHERE
            alike(missed.person_id, list_filter($kinds, LAMBDA each: each <> single.kind))
            <> alike(missed.their_id, list_filter($kinds, LAMBDA each: each <> single.kind))
    )
    GROUP BY source
)

SELECT
    other.source,
    count(DISTINCT other.person_id) AS people,
    count(DISTINCT other.person_id) FILTER (WHERE other.is_met) AS met,
    (SELECT count(DISTINCT missed.person_id) FROM missed WHERE missed.source = other.source) AS met_alike,
    (SELECT count(*) FROM program) AS program_people,
    any_value(kind.kinds) AS kinds
FROM other
LEFT JOIN kind ON other.source = kind.source
GROUP BY other.source
ORDER BY other.source
