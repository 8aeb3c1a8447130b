/*
row = "an eligible arrest of the baseline year"
rows_from = ["program.arrest"]
*/
-- And the time in jail it led to.
CREATE TABLE program.baseline_arrest (
    arrest_key INTEGER NOT NULL UNIQUE, -- the arrest
    charge_class VARCHAR NOT NULL, -- class of the top charge
    is_booked BOOLEAN NOT NULL, -- booked into jail
    nights BIGINT CHECK (nights >= 0), -- nights of the stay it led to; NULL: no stay is known
    is_open BOOLEAN -- that stay has not ended
);

INSERT INTO program.baseline_arrest BY NAME
WITH eligible AS (
    SELECT arrest.*
    FROM program.arrest
    INNER JOIN program.baseline
        ON arrest.event_date >= baseline.first_day AND arrest.event_date < baseline.next_day
    WHERE
        arrest.is_diverted IS NOT TRUE
        AND arrest.dimensions.age_band <> 'Under 18'
        -- The list came with LEAD: in the baseline year no charge was on it yet.
        AND CASE
            WHEN arrest.dimensions.charge_class <> 'Unknown' AND EXISTS (FROM program.eligible_charge)
                THEN arrest.dimensions.charge_class IN (SELECT charge_class FROM program.eligible_charge)
            ELSE arrest.is_eligible
        END
),

booked AS (
    SELECT
        eligible.arrest_key,
        stay.stay_key,
        stay.person_key,
        stay.booked_at,
        FALSE AS is_guess
    FROM eligible
    INNER JOIN program.stay ON eligible.arrest_key = stay.arrest_key
    UNION ALL
    -- A stay that names no arrest: the person was booked that day or the next.
    SELECT
        eligible.arrest_key,
        stay.stay_key,
        stay.person_key,
        stay.booked_at,
        TRUE
    FROM eligible
    INNER JOIN program.stay ON eligible.person_key = stay.person_key
    WHERE stay.arrest_key IS NULL AND stay.booked_at::DATE - eligible.event_date BETWEEN 0 AND 1
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
    eligible.arrest_key,
    eligible.dimensions.charge_class AS charge_class,
    coalesce(eligible.is_booked, led_to.arrest_key IS NOT NULL) AS is_booked,
    led_to.stay.nights AS nights,
    led_to.stay.is_open AS is_open
FROM eligible
LEFT JOIN led_to ON eligible.arrest_key = led_to.arrest_key;
