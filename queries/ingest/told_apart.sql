-- Rows under one number that are several events, and the number each is given then: the first keeps its own. `line`
-- has number, person_id, from_at, until_at (NULL: open), `slack` (how long after one part the next may follow),
-- `is_shared` (numbers of incidents, which several people may share) and `is_stand_in` (no number at all).
-- Rows of another file may be corrections of the same event, unless the year or the person is another.
WITH repeated AS (
    SELECT line.*
    FROM line
    INNER JOIN (
        SELECT number FROM line
        GROUP BY number
        HAVING
            count(*) > 1
            AND (
                bool_or(is_stand_in)
                OR min(from_at) <> max(from_at)
                OR bool_or(is_shared) AND count(DISTINCT person_id) > 1
            )
    ) AS twice ON line.number = twice.number
),

held AS (
    SELECT
        *,
        CASE
            WHEN is_stand_in THEN content || '/' || row_number() OVER (
                PARTITION BY number, content, file_number ORDER BY row_number
            )
            WHEN is_shared THEN person_id
        END AS holder
    FROM repeated
),

compared AS (
    SELECT
        *,
        max(coalesce(until_at, TIMESTAMP '9999-12-31')) OVER earlier AS ended_at,
        lag(file_number) OVER in_order AS last_file,
        lag(from_at) OVER in_order AS last_from,
        lag(person_id) OVER in_order AS last_person
    FROM held
    WINDOW
        in_order AS (PARTITION BY number, holder ORDER BY from_at, until_at, person_id, file_number, row_number),
        earlier AS (
            PARTITION BY number, holder ORDER BY from_at, until_at, person_id, file_number, row_number
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
),

numbered AS (
    SELECT
        *,
        count(*) FILTER (
            WHERE ended_at IS NULL
            OR from_at > ended_at + slack
            AND (
                is_span
                OR file_number = last_file
                OR year(from_at) <> year(last_from)
                OR person_id <> last_person
            )
        ) OVER (
            PARTITION BY number, holder ORDER BY from_at, until_at, person_id, file_number, row_number
            ROWS UNBOUNDED PRECEDING
        ) AS part
    FROM compared
),

event AS (
    SELECT
        *,
        dense_rank() OVER (PARTITION BY number ORDER BY holder NULLS FIRST, part) AS place
    FROM numbered
)

SELECT
    file_number,
    row_number,
    number,
    person_id,
    from_at,
    CASE WHEN place = 1 AND NOT is_stand_in THEN number ELSE number || ' / ' || place END AS event_number
FROM event
WHERE number IN (SELECT number FROM event WHERE place > 1)
