/*
row = "an arrest that was not diverted, for a charge that may be diverted on some day, and what it led to"
rows_from = ["program.arrest"]
unique = "arrest_key"
*/
-- What diverted arrests are set beside. The list of charges came with LEAD and grew since, so that the list of a day
-- would set fewer charges before LEAD against more now: a charge that is ever on it counts in every year.
CREATE TABLE program.arrest_result (
    arrest_key INTEGER NOT NULL, -- the arrest
    person_key INTEGER, -- the person; NULL: nobody known
    event_date DATE NOT NULL, -- day of the arrest
    charge_class VARCHAR NOT NULL, -- class of the top charge
    is_eligible BOOLEAN NOT NULL, -- on the list on its own day
    is_booked BOOLEAN NOT NULL, -- booked into jail
    nights BIGINT CHECK (nights >= 0), -- nights of the stay it led to; NULL: no stay is known
    is_open BOOLEAN -- that stay has not ended
);

INSERT INTO program.arrest_result BY NAME
WITH booked AS (
    SELECT
        arrest.arrest_key,
        stay.stay_key,
        stay.person_key,
        stay.booked_at,
        FALSE AS is_guess
    FROM program.arrest
    INNER JOIN program.stay ON arrest.arrest_key = stay.arrest_key
    UNION ALL
    -- A stay that names no arrest: the person was booked that day or the next.
    SELECT
        arrest.arrest_key,
        stay.stay_key,
        stay.person_key,
        stay.booked_at,
        TRUE
    FROM program.arrest
    INNER JOIN program.stay ON arrest.person_key = stay.person_key
    WHERE stay.arrest_key IS NULL AND stay.booked_at::DATE - arrest.event_date BETWEEN 0 AND 1
),

led_to AS (
    SELECT
        booked.arrest_key,
        arg_min(
            struct_pack(nights := episode.last_day - booked.booked_at::DATE, is_open := episode.is_open),
            (booked.is_guess, booked.booked_at, booked.stay_key)
        ) AS stay
    FROM booked
    INNER JOIN program.custody_episode AS episode
        ON
            booked.person_key = episode.person_key
            AND booked.booked_at BETWEEN episode.in_at AND episode.out_at
    GROUP BY booked.arrest_key
)

SELECT
    arrest.arrest_key,
    arrest.person_key,
    arrest.event_date,
    arrest.dimensions.charge_class AS charge_class,
    arrest.is_eligible,
    coalesce(arrest.is_booked, led_to.arrest_key IS NOT NULL) AS is_booked,
    led_to.stay.nights AS nights,
    led_to.stay.is_open AS is_open
FROM program.arrest
LEFT JOIN led_to ON arrest.arrest_key = led_to.arrest_key
WHERE arrest.is_ever_eligible AND arrest.is_diverted IS NOT TRUE
ORDER BY arrest.event_date, arrest.arrest_key;
