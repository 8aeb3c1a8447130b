-- Lists that were cut short: of those listed within three lists before and again within three after, at least five and
-- one in four are not on it. Whoever stays away was released, as in a mass release; whoever is back was inside.
WITH list AS (
    SELECT
        seen_on,
        row_number() OVER (ORDER BY seen_on) AS position
    FROM (SELECT DISTINCT seen_on FROM accepted.jail_roster)
),

listed AS (
    SELECT DISTINCT
        list.position,
        roster.person_id
    FROM accepted.jail_roster AS roster
    INNER JOIN list ON roster.seen_on = list.seen_on
    WHERE roster.person_id IS NOT NULL
),

expected AS (
    SELECT DISTINCT
        list.position,
        list.seen_on,
        before.person_id
    FROM list
    INNER JOIN listed AS before ON before.position BETWEEN list.position - 3 AND list.position - 1
    INNER JOIN listed AS later
        ON
            later.position BETWEEN list.position + 1 AND list.position + 3
            AND before.person_id = later.person_id
),

missed AS (
    SELECT expected.*
    FROM expected
    ANTI JOIN listed ON expected.position = listed.position AND expected.person_id = listed.person_id
),

cut AS (
    SELECT
        missed.seen_on,
        count(*) AS people
    FROM missed
    GROUP BY missed.seen_on, missed.position
    HAVING
        count(*) >= 5
        AND 4 * count(*) >= (SELECT count(*) FROM expected WHERE expected.position = missed.position)
)

SELECT
    missed.seen_on,
    missed.person_id,
    cut.people
FROM missed
INNER JOIN cut ON missed.seen_on = cut.seen_on
