-- What person_link.csv states, and which sources number people their own way: those with a link to a number that
-- is not one of theirs, and those that the site names. A link between two numbers of one source says that they are
-- one person there, and nothing of others; in a source with its own way it is read so only if LEAD does not know
-- the target, since small numbers may stand for other people in both.
CREATE TABLE keys.stated AS
WITH link AS (
    SELECT DISTINCT
        lower(source) AS source,
        source_person_id AS number,
        person_id AS target
    FROM candidate.person_link
)

SELECT
    link.source,
    link.number,
    link.target,
    link.number <> link.target
    AND own.number IS NOT NULL
    AND EXISTS (
        FROM keys.number AS other
        WHERE other.source = link.source AND other.number = link.target
    ) AS is_inside,
    EXISTS (
        FROM keys.number AS program
        WHERE program.source IN ('referral', 'enrollment', 'contact') AND program.number = link.target
    ) AS is_of_program,
    link.source IN ('referral', 'enrollment', 'contact') AS is_program
FROM link
LEFT JOIN keys.number AS own ON link.source = own.source AND link.number = own.number;

INSERT INTO keys.own_numbers
SELECT source FROM keys.stated WHERE NOT is_inside AND NOT list_contains($shared::VARCHAR[], source)
UNION
SELECT unnest($own::VARCHAR[]);

CREATE TABLE keys.merge AS
SELECT
    CASE WHEN source IN (FROM keys.own_numbers) THEN source ELSE '' END AS numbering,
    number,
    target,
    source
FROM keys.stated
WHERE
    number <> target
    AND (
        list_contains($shared::VARCHAR[], source)
        OR (is_inside AND (is_program OR NOT is_of_program OR source NOT IN (FROM keys.own_numbers)))
    );
