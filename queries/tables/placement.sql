/*
row = "a person's first move into permanent housing, followed until the home is lost"
rows_from = ["program.move_in"]
unique = "person_key"
*/
-- Lost: seen homeless, in a shelter, or out of the project to anywhere not permanent, unless it was a
-- transfer within 14 days.
CREATE TABLE program.placement (
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- day of the move
    event_on DATE, -- the home is lost
    competing_on DATE, -- never
    censored_on DATE, -- died, or left that home on a day that nobody can read
    dimensions dimensions NOT NULL -- on the day of the move
);

INSERT INTO program.placement BY NAME
WITH first_one AS (
    SELECT
        person_key,
        min(placed_on) AS placed_on
    FROM program.move_in
    GROUP BY person_key
),

loss AS (
    SELECT
        person_key,
        observed_on AS lost_on,
        FALSE AS is_exit
    FROM program.living_situation
    WHERE kind = 'homeless'
    UNION ALL
    SELECT
        person_key,
        entered_on,
        FALSE
    FROM program.housing
    WHERE project_kind = 'shelter'
    UNION ALL
    SELECT
        housing.person_key,
        housing.exited_on,
        TRUE
    FROM program.housing
    WHERE
        housing.moved_in_on IS NOT NULL
        AND housing.is_end_known
        AND NOT housing.is_permanent
        -- Who died has lost no home.
        AND housing.destination_kind IS DISTINCT FROM 'died'
        AND NOT EXISTS (
            FROM program.housing AS other
            WHERE
                other.person_key = housing.person_key
                AND other.moved_in_on <= housing.exited_on + 14
                AND coalesce(other.exited_on, DATE '9999-12-31') > housing.exited_on
        )
)

SELECT
    first_one.person_key,
    first_one.placed_on AS event_date,
    (
        SELECT min(loss.lost_on)
        FROM loss
        WHERE
            loss.person_key = first_one.person_key
            -- The day of the move may still be noted as homeless; an exit that day is a loss.
            AND loss.lost_on > first_one.placed_on - loss.is_exit::INTEGER
    ) AS event_on,
    NULL::DATE AS competing_on,
    CASE
        -- Left that home on a day that nobody can read: out of sight from the first day on.
        WHEN EXISTS (
            FROM program.housing AS home
            WHERE
                home.person_key = first_one.person_key
                AND home.moved_in_on = first_one.placed_on
                AND NOT home.is_end_known
        )
            THEN first_one.placed_on
        WHEN person.death_date >= first_one.placed_on THEN person.death_date
    END AS censored_on,
    make_dimensions(
        person,
        first_one.placed_on,
        place := whereabouts.place,
        pathway := whereabouts.pathway
    ) AS dimensions
FROM first_one
INNER JOIN program.person ON first_one.person_key = person.person_key
ASOF LEFT JOIN program.whereabouts
    ON first_one.person_key = whereabouts.person_key AND first_one.placed_on >= whereabouts.from_day
ORDER BY event_date, first_one.person_key;
