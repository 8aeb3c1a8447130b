-- The person behind every number that links or merges name, by numbering: '' for all sources that number people
-- alike. A merged number has the link of any number it is one with.
INSERT INTO candidate.link
WITH link AS (
    SELECT
        stated.source AS numbering,
        stated.number,
        coalesce(united.root, stated.number) AS root,
        coalesce(common.root, stated.target) AS person_id
    FROM keys.stated AS stated
    LEFT JOIN keys.united AS united ON stated.source = united.numbering AND stated.number = united.number
    LEFT JOIN keys.united AS common ON common.numbering = '' AND stated.target = common.number
    WHERE
        stated.source IN (FROM keys.own_numbers)
        AND (stated.source, stated.number, stated.target) NOT IN (SELECT (source, number, target) FROM keys.merge)
),

person AS (
    -- Of two people stated for one number the first by number: as a contradiction it is told elsewhere.
    SELECT numbering, root, min(person_id) AS person_id
    FROM link
    GROUP BY ALL
),

named AS (
    SELECT numbering, number, root FROM link
    UNION
    SELECT numbering, number, root FROM keys.united
)

SELECT
    named.numbering,
    named.number,
    coalesce(person.person_id, named.root) AS person_id,
    person.person_id IS NOT NULL AS is_link
FROM named
LEFT JOIN person ON named.numbering = person.numbering AND named.root = person.root;
