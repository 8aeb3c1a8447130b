-- Tables with people of whom not one is known to LEAD; none where there is no LEAD to know them. That a single person
-- is not shows nothing, unless a source numbers people its own way.
WITH participant AS (
    SELECT DISTINCT person_id
    FROM numbered
    WHERE table_name IN ('referral', 'enrollment') AND person_id IS NOT NULL
)

SELECT numbered.table_name
FROM numbered
LEFT JOIN participant ON numbered.person_id = participant.person_id
WHERE
    numbered.person_id IS NOT NULL
    AND numbered.table_name NOT IN ('person_link', 'jail_roster')
    AND EXISTS (FROM participant)
GROUP BY numbered.table_name
HAVING
    count(participant.person_id) = 0
    AND (count(DISTINCT numbered.person_id) > 1 OR bool_or(numbered.is_unlinked))
ORDER BY numbered.table_name;
