/*
title = "Jail nights avoided by diversion, by what the diverted arrests are set beside"
unit = "nights"
definition = "Jail nights avoided by diversion in the period as estimated, and with one choice at a time made otherwise: each other year before LEAD that the exports hold whole, people arrested in the same months and not diverted, and nights on the diverted arrests followed for half a year or for two."
population = "Every diverted arrest; beside it, every eligible arrest of the year in question that was not diverted."
within = ["arrests_diverted"]
caution = "Each row has the interval of its own sampling; how far the rows lie apart is what the choice does, and no interval holds that. People not diverted in the same months were chosen by officers too: where the graver cases are booked, they lead to more nights than the diverted would have."
needs = ["arrest.is_diverted or referral.arrest_id", "arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges", "arrest.is_booked or arrest.person_id or jail_stay.arrest_id", "jail_stay.arrests", "jail_stay.released_at or jail_roster.seen_on"]
sources = ["arrest", "jail_stay", "referral"]
filters = ["place"]
place = "where the arrest was made"
estimator = "nights_avoided"
version = 2
categories = ["As estimated", "People not diverted in the same months", "Followed for half a year", "Followed for two years"]
adds_up = false
method = "As jail_nights_avoided, with share booked and mean stay by charge class from the year in question (a category of its own, by its months), or with the nights on diverted arrests of 182 or 730 days, as far as the data reach."
*/
WITH diversion AS (
    SELECT *, 182 AS days_after FROM diverted_arrests(182, $filters)
    UNION ALL
    SELECT *, 365 FROM diverted_arrests(365, $filters)
    UNION ALL
    SELECT *, 730 FROM diverted_arrests(730, $filters)
),

-- year: the first day of the year to set beside; NULL: the same months.
choice AS (
    SELECT 'People not diverted in the same months' AS category, 365 AS days_after, NULL::DATE AS year
    UNION ALL
    SELECT
        CASE
            WHEN NOT year.is_chosen
                THEN strftime(year.first_day, '%B %Y') || ' to ' || strftime(year.next_day - 1, '%B %Y')
            ELSE span.category
        END,
        span.days_after,
        year.first_day
    FROM program.baseline_year AS year
    INNER JOIN
        (
            VALUES
            ('As estimated', 365),
            ('Followed for half a year', 182),
            ('Followed for two years', 730)
        ) AS span (category, days_after)
        ON year.is_chosen OR span.days_after = 365
)

SELECT
    diversion.* EXCLUDE (days, days_after) REPLACE (choice.category AS category),
    coalesce(beside.results, '[]') AS baseline
FROM diversion
INNER JOIN choice ON diversion.days_after = choice.days_after
LEFT JOIN results_by_class($filters) AS beside
    ON
        choice.year IS NOT DISTINCT FROM beside.year
        AND (beside.year IS NOT NULL OR diversion.period IS NOT DISTINCT FROM beside.period);
