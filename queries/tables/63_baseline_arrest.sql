-- Eligible arrests of the baseline year, and the time in jail each one led to.
CREATE TABLE program.baseline_arrest AS
WITH eligible AS (
    SELECT arrest.*
    FROM program.arrest
    INNER JOIN program.baseline
        ON arrest.counted_on >= baseline.first_day AND arrest.counted_on < baseline.next_day
    WHERE
        arrest.is_diverted IS NOT TRUE
        AND arrest.traits.age_band <> 'Under 18'
        -- The list came with LEAD: in the baseline year no charge was on it yet.
        AND CASE
            WHEN arrest.traits.charge_class <> 'Unknown' AND EXISTS (FROM program.eligible_charge)
                THEN arrest.traits.charge_class IN (SELECT charge_class FROM program.eligible_charge)
            ELSE arrest.is_eligible
        END
),

led_to AS (
    SELECT
        eligible.arrest_key,
        arg_min(
            struct_pack(nights := episode.last_day - stay.booked_at::DATE, is_open := episode.is_open),
            (stay.arrest_key IS NULL, stay.booked_at, stay.stay_key)
        ) AS stay
    FROM eligible
    INNER JOIN program.stay
        ON
            eligible.arrest_key = stay.arrest_key
            -- A stay that names no arrest: the person was booked that day or the next.
            OR (
                stay.arrest_key IS NULL
                AND eligible.person_key = stay.person_key
                AND stay.booked_at::DATE - eligible.counted_on BETWEEN 0 AND 1
            )
    INNER JOIN program.custody_episode AS episode
        ON
            stay.person_key = episode.person_key
            AND stay.booked_at BETWEEN episode.in_at AND episode.out_at
    GROUP BY eligible.arrest_key
)

SELECT
    eligible.arrest_key,
    eligible.traits.charge_class AS charge_class,
    coalesce(eligible.is_booked, led_to.arrest_key IS NOT NULL) AS is_booked,
    led_to.stay.nights AS nights,
    led_to.stay.is_open AS is_open
FROM eligible
LEFT JOIN led_to ON eligible.arrest_key = led_to.arrest_key;
