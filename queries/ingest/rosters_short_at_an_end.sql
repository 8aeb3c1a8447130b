-- A first or last list with at least five and one in four fewer people than is usual on the three beside it. None
-- comes before or after it to tell who was inside all the same, or whether many were booked or released at once.
WITH list AS (
    SELECT
        seen_on,
        count(*) AS people,
        min(file_number) AS file_number,
        row_number() OVER (ORDER BY seen_on) AS position,
        count(*) OVER () AS lists
    FROM accepted.jail_roster
    GROUP BY seen_on
)

SELECT
    outer_list.seen_on,
    outer_list.position = 1 AS is_first,
    outer_list.people,
    median(beside.people)::BIGINT AS usual,
    outer_list.file_number
FROM list AS outer_list
INNER JOIN list AS beside
    ON outer_list.position <> beside.position AND abs(outer_list.position - beside.position) <= 3
WHERE outer_list.lists > 2 AND outer_list.position IN (1, outer_list.lists)
GROUP BY ALL
HAVING usual - outer_list.people >= 5 AND 4 * (usual - outer_list.people) >= usual
ORDER BY outer_list.seen_on;
