/*
row = "a diverted arrest that is not known to be off the list"
rows_from = ["program.arrest"]
unique = "arrest_key"
*/
CREATE TABLE program.diversion (
    arrest_key INTEGER NOT NULL, -- the arrest
    person_key INTEGER, -- the person; NULL: nobody known
    event_date DATE NOT NULL, -- day of the arrest
    dimensions dimensions NOT NULL, -- on the day of the arrest
    later_nights DATE[] -- nights in jail on the same arrest, as far as known; NULL where stays or referrals name no arrest
);

INSERT INTO program.diversion BY NAME
WITH later AS (
    SELECT
        arrest.arrest_key,
        -- Distinct: a night in two overlapping stays is one night.
        list_sort(list(DISTINCT night::DATE)) AS nights
    FROM program.arrest
    INNER JOIN program.stay ON arrest.arrest_key = stay.arrest_key
    CROSS JOIN generate_series(
        greatest(stay.booked_at::DATE, arrest.event_date)::TIMESTAMP,
        (stay.out_at::DATE - 1)::TIMESTAMP,
        INTERVAL 1 DAY
    ) AS inside (night)
    WHERE arrest.is_diverted
    GROUP BY arrest.arrest_key
)

SELECT
    arrest.arrest_key,
    arrest.person_key,
    arrest.event_date,
    arrest.dimensions,
    CASE
        WHEN
            EXISTS (FROM export.jail_stay WHERE arrest_key IS NOT NULL)
            AND EXISTS (FROM export.referral WHERE arrest_key IS NOT NULL)
            THEN coalesce(later.nights, [])
    END AS later_nights
FROM program.arrest
LEFT JOIN later ON arrest.arrest_key = later.arrest_key
WHERE arrest.is_diverted AND arrest.is_eligible IS NOT FALSE
ORDER BY arrest.event_date, arrest.arrest_key;
