/*
row = "a person who began LEAD homeless, followed until permanent housing"
rows_from = ["program.start_situation WHERE kind = 'homeless'"]
unique = "person_key"
*/
-- What rules it out is death, or an exit because the person moved away or went to prison; jail does not.
CREATE TABLE program.homeless_start (
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- first day in LEAD
    dimensions dimensions NOT NULL, -- on the first day
    event_on DATE, -- first move into permanent housing
    competing_on DATE, -- died, moved away or went to prison
    censored_on DATE -- moved in on a day that nobody can read: out of sight from that entry on
);

INSERT INTO program.homeless_start BY NAME
WITH start AS (
    SELECT
        person_key,
        min(event_date) AS started_on,
        arg_min(dimensions, event_date) AS dimensions
    FROM program.start_situation
    WHERE kind = 'homeless'
    GROUP BY person_key
),

gone AS (
    SELECT
        person_key,
        exited_on AS gone_on
    FROM program.enrollment
    -- These end what can be seen; other exits do not.
    WHERE is_end_known AND exit_reason IN ('died', 'moved away', 'prison')
    UNION ALL
    SELECT
        person_key,
        death_date
    FROM program.person
)

SELECT
    start.person_key,
    start.started_on AS event_date,
    start.dimensions,
    (
        SELECT min(move_in.placed_on)
        FROM program.move_in
        WHERE move_in.person_key = start.person_key AND move_in.placed_on >= start.started_on
    ) AS event_on,
    (
        SELECT min(gone.gone_on)
        FROM gone
        WHERE gone.person_key = start.person_key AND gone.gone_on >= start.started_on
    ) AS competing_on,
    -- Moved in on a day that nobody can read.
    (
        SELECT min(greatest(housing.entered_on, start.started_on))
        FROM program.housing
        WHERE
            housing.person_key = start.person_key
            AND housing.is_move_in_unread
            AND (housing.exited_on IS NULL OR housing.exited_on >= start.started_on)
    ) AS censored_on
FROM start
ORDER BY event_date, start.person_key;
