/*
title = "Jail nights by month before and after referral, people referred"
unit = "nights per person-year"
definition = "Nights in jail in each 30 days before and after the first referral, for each 365 days observed of the people first referred in the period."
population = "Everybody ever referred, followed from the first referral or, if referred out of jail, from the release."
within = ["people_referred"]
caution = "A peak just before the referral is the crisis that led to it; the fall that follows would partly come without any program."
needs = ["jail_stay.released_at or jail_roster.seen_on", "jail_stay.participants"]
sources = ["referral", "jail_stay"]
looks_back = { jail_stay = 365 }
place = "where the person was first referred"
estimator = "rate_per_person_year"
horizon_days = 365
categories = ["-12", "-11", "-10", "-9", "-8", "-7", "-6", "-5", "-4", "-3", "-2", "-1", "+1", "+2", "+3", "+4", "+5", "+6", "+7", "+8", "+9", "+10", "+11", "+12"]
method = "Nights / person-days x 365 in steps of 30 days from the referral."
version = 2
*/
WITH step AS (
    SELECT
        (number * 30)::INTEGER AS shift,
        CASE WHEN number < 0 THEN number::VARCHAR ELSE '+' || (number + 1) END AS label
    FROM range(-12, 12) AS steps (number)
),

person AS (
    SELECT
        referred.period,
        step.label AS category,
        referred.second_category,
        referred.person_key,
        any_value(observed.until_day - observed.from_day) AS days,
        sum(nights_within(episode.first_day, episode.last_day, from_day, until_day))::BIGINT AS nights
    FROM events_in_view('program.jail_index', $filters) AS referred
    CROSS JOIN step
    CROSS JOIN LATERAL (
        SELECT
            referred.event_date + step.shift AS from_day,
            least(from_day + 30, ($filters)['as_of'] + 1, referred.death_date) AS until_day
    ) AS observed
    LEFT JOIN program.custody_episode AS episode
        ON
            referred.person_key = episode.person_key
            AND episode.first_day < observed.until_day
            AND episode.last_day > observed.from_day
    WHERE
        observed.until_day > observed.from_day
        AND referred.event_date >= first_with_past(['jail_stay'], 365)
    GROUP BY ALL
)

SELECT
    period,
    category,
    second_category,
    sum(people)::BIGINT AS people,
    person_time(nights, days, people) AS person_time
FROM (
    SELECT
        * EXCLUDE (person_key),
        count(*) AS people
    FROM person
    GROUP BY ALL
)
GROUP BY ALL;
