/*
row = "a time in jail that nobody can confirm"
rows_from = ["export.jail_stay WHERE released_at IS NULL"]
*/
-- A stay without a release whose person no roster shows, as long as it could be, less the nights that
-- other stays of the person account for anyway. With a roster these nights are counted nowhere; without
-- one they are, so they are a range above or below.
CREATE TABLE program.doubtful_custody (
    person_key INTEGER, -- the person; NULL: nobody known
    event_date DATE NOT NULL, -- its first day
    first_day DATE NOT NULL, -- the same
    last_day DATE NOT NULL CHECK (last_day >= first_day), -- the day it must have ended
    dimensions dimensions NOT NULL -- on the first day
);

INSERT INTO program.doubtful_custody BY NAME
WITH doubtful AS (
    SELECT
        -- Who is nobody's is held for itself alone.
        coalesce(person_key, -stay_key) AS holder,
        min(booked_at)::DATE AS from_day,
        any_value(until_day) AS until_day,
        arg_min(race, (booked_at, stay_key)) FILTER (WHERE len(race) > 0) AS race,
        arg_min(sex, (booked_at, stay_key)) AS sex,
        arg_min(charge_class, (booked_at, stay_key)) AS charge_class
    FROM export.jail_stay
    CROSS JOIN (SELECT data_through + 1 AS until_day FROM export.source WHERE source = 'jail_stay') AS reach
    WHERE released_at IS NULL AND is_on_roster IS NOT TRUE AND booked_at::DATE < until_day
    GROUP BY holder
),

certain AS (
    SELECT
        coalesce(stay.person_key, -stay.stay_key) AS holder,
        stay.booked_at::DATE AS first_day,
        stay.out_at::DATE AS last_day
    FROM program.stay
    INNER JOIN export.jail_stay AS told
        ON stay.stay_key = told.stay_key AND stay.person_key IS NOT DISTINCT FROM told.person_key
    -- A stay without a night accounts for none, and must not cut a time in two.
    WHERE (told.released_at IS NOT NULL OR told.is_on_roster) AND stay.out_at::DATE > stay.booked_at::DATE
),

-- A doubtful time begins with the first such booking, and anew after each certain stay.
opening AS (
    SELECT
        holder,
        from_day AS first_day
    FROM doubtful
    UNION
    SELECT
        certain.holder,
        certain.last_day
    FROM certain
    INNER JOIN doubtful
        ON certain.holder = doubtful.holder AND certain.last_day > doubtful.from_day
)

SELECT
    person.person_key,
    opening.first_day AS event_date,
    opening.first_day,
    least(
        doubtful.until_day,
        (
            SELECT min(certain.first_day) FROM certain
            WHERE certain.holder = opening.holder AND certain.first_day >= opening.first_day
        )
    ) AS last_day,
    make_dimensions(
        person,
        opening.first_day,
        races := doubtful.race,
        sex := doubtful.sex,
        charge_class := doubtful.charge_class
    ) AS dimensions
FROM opening
INNER JOIN doubtful ON opening.holder = doubtful.holder
LEFT JOIN program.person ON opening.holder = person.person_key
WHERE NOT EXISTS (
    FROM certain
    WHERE
        certain.holder = opening.holder
        AND certain.first_day <= opening.first_day
        AND certain.last_day > opening.first_day
)
ORDER BY event_date, opening.holder;
