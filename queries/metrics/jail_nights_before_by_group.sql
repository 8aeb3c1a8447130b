/*
title = "Jail nights in the four quarters before, people referred and people arrested and not diverted"
unit = "nights per person-year"
definition = "Nights in jail in each fourth of the 365 days before, for each 365 days: of people first referred in the period, and of people first arrested in it for a charge that could have been diverted and was not."
population = "Everybody ever referred, and everybody arrested for a divertible charge since LEAD began and not diverted, if a full year can be seen on both sides."
caution = "If the groups moved apart before, the difference in their changes says nothing; that no difference can be seen here is no proof that there was none."
needs = ["arrest.person_id", "arrest.is_diverted or referral.arrest_id", "arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges", "jail_stay.released_at or jail_roster.seen_on", "jail_stay.participants"]
sources = ["referral", "jail_stay", "arrest"]
looks_back = { jail_stay = 365 }
filters = ["place"]
place = "where the person was first referred, else where the arrest was made"
estimator = "rate_per_person_year"
horizon_days = 365
categories = ["Referred, 10 to 12 months before", "Referred, 7 to 9 months before", "Referred, 4 to 6 months before", "Referred, 1 to 3 months before", "Not diverted, 10 to 12 months before", "Not diverted, 7 to 9 months before", "Not diverted, 4 to 6 months before", "Not diverted, 1 to 3 months before"]
method = "Nights / person-days x 365 in four steps of 91 days up to the referral or the arrest; people with a full year after."
*/
WITH step AS (
    SELECT * FROM (
        VALUES
        (-364, '10 to 12 months before'),
        (-273, '7 to 9 months before'),
        (-182, '4 to 6 months before'),
        (-91, '1 to 3 months before')
    ) AS steps (shift, label)
),

person AS (
    SELECT
        compared.period,
        CASE WHEN compared.is_referred THEN 'Referred, ' ELSE 'Not diverted, ' END || step.label AS category,
        compared.second_category,
        compared.person_key,
        sum(
            nights_within(
                episode.first_day,
                episode.last_day,
                compared.event_date + step.shift,
                compared.event_date + step.shift + 91
            )
        )::BIGINT AS nights
    FROM with_full_years($filters) AS compared
    CROSS JOIN step
    LEFT JOIN program.custody_episode AS episode
        ON
            compared.person_key = episode.person_key
            AND episode.first_day < compared.event_date + step.shift + 91
            AND episode.last_day > compared.event_date + step.shift
    GROUP BY ALL
)

SELECT
    period,
    category,
    second_category,
    sum(people)::BIGINT AS people,
    person_time(nights, 91, people) AS person_time
FROM (
    SELECT
        * EXCLUDE (person_key),
        count(*) AS people
    FROM person
    GROUP BY ALL
)
GROUP BY ALL;
