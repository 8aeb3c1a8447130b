/*
row = "an unbroken time of a person in jail"
rows_from = ["program.stay"]
*/
-- Overlapping stays are united by the clock, not by the day: out in the morning and in again at night are
-- two admissions that share no night.
CREATE TABLE program.custody_episode (
    event_date DATE NOT NULL, -- day of the booking
    person_key INTEGER, -- the person; NULL: nobody known, and each stay stands alone
    episode BIGINT NOT NULL CHECK (episode > 0), -- the first, second, third of the person
    in_at TIMESTAMP NOT NULL, -- when booked, local time
    out_at TIMESTAMP NOT NULL, -- when released; if still inside, the midnight that ends the data
    first_day DATE NOT NULL, -- day of the booking
    last_day DATE NOT NULL CHECK (last_day >= first_day), -- day of the release
    nights BIGINT NOT NULL CHECK (nights >= 0), -- midnights inside
    is_open BOOLEAN NOT NULL, -- still inside
    is_already_inside BOOLEAN NOT NULL, -- inside before the records begin
    dimensions dimensions NOT NULL -- on the day of the booking, without place and pathway
);

INSERT INTO program.custody_episode BY NAME
WITH held AS (
    -- Who is nobody's is held for itself alone.
    SELECT
        *,
        coalesce(person_key, -stay_key) AS holder
    FROM program.stay
),

marked AS (
    SELECT
        *,
        max(out_at) OVER (
            PARTITION BY holder ORDER BY booked_at, out_at, stay_key
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS inside_until
    FROM held
),

numbered AS (
    SELECT
        *,
        count(*) FILTER (WHERE inside_until IS NULL OR booked_at > inside_until) OVER (
            PARTITION BY holder ORDER BY booked_at, out_at, stay_key
            ROWS UNBOUNDED PRECEDING
        ) AS episode
    FROM marked
),

united AS (
    SELECT
        holder,
        any_value(person_key) AS person_key,
        episode,
        min(booked_at) AS in_at,
        max(out_at) AS out_at,
        bool_or(is_open) AS is_open,
        arg_min(is_already_inside, (booked_at, stay_key)) AS is_already_inside,
        arg_min(race, (booked_at, stay_key)) FILTER (WHERE len(race) > 0) AS race,
        arg_min(sex, (booked_at, stay_key)) AS sex,
        arg_min(charge_class, (booked_at, stay_key)) AS charge_class
    FROM numbered
    GROUP BY holder, episode
)

SELECT
    united.in_at::DATE AS event_date,
    united.person_key,
    united.episode,
    united.in_at,
    united.out_at,
    united.in_at::DATE AS first_day,
    united.out_at::DATE AS last_day,
    united.out_at::DATE - united.in_at::DATE AS nights,
    united.is_open,
    united.is_already_inside,
    -- The jail's people have no place and no pathway here, whoever they are elsewhere.
    make_dimensions(
        person,
        united.in_at::DATE,
        races := united.race,
        sex := united.sex,
        charge_class := united.charge_class
    ) AS dimensions
FROM united
LEFT JOIN program.person ON united.person_key = person.person_key
ORDER BY united.in_at, united.person_key, united.holder DESC;
