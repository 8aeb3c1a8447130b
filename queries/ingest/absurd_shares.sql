-- Numbers that stand on an absurd share of rare events: at least $fewest and one in a hundred, and ten times as many as
-- the next number has, among at least ten others.
WITH counted AS (
    SELECT
        person_id,
        count(*) AS events
    FROM event
    WHERE person_id IS NOT NULL
    GROUP BY person_id
),

ranked AS (
    SELECT
        *,
        row_number() OVER by_events AS place,
        lead(events) OVER by_events AS next_most,
        sum(events) OVER () AS all_events,
        count(*) OVER () AS people
    FROM counted
    WINDOW by_events AS (ORDER BY events DESC, person_id)
)

SELECT
    person_id,
    events,
    all_events::BIGINT AS all_events
FROM ranked
WHERE
    place <= (
        SELECT max(place) FROM ranked AS gap
        WHERE
            gap.place <= 5
            AND gap.people >= 10 + gap.place
            AND gap.events >= greatest($fewest, gap.all_events / 100, 10 * gap.next_most)
    )
ORDER BY person_id
