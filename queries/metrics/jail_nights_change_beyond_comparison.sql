/*
title = "Change in jail nights beyond that of people arrested and not diverted"
unit = "nights per person-year"
definition = "Change in jail nights of people first referred in the period, less the change of people first arrested in it for a charge that could have been diverted and was not: a difference in differences."
population = "Everybody ever referred, and everybody arrested for a divertible charge since LEAD began and not diverted, if a full year can be seen on both sides."
caution = "Officers chose whom to divert, so the groups differ in more than LEAD; the difference says something about LEAD only if both were on the same course before."
needs = ["arrest.person_id", "arrest.is_diverted or referral.arrest_id", "arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges", "jail_stay.released_at or jail_roster.seen_on", "jail_stay.participants"]
sources = ["referral", "jail_stay", "arrest"]
looks_back = { jail_stay = 365 }
filters = ["place"]
place = "where the person was first referred, else where the arrest was made"
estimator = "difference_in_differences"
horizon_days = 365
adds_up = false
method = "(After - before) of people referred - (after - before) of the comparison group, people with a full year on both sides; interval by resampling both groups apart. Below zero: a larger fall of people referred."
*/
SELECT
    period,
    'Everyone' AS category,
    second_category,
    sum(people)::BIGINT AS people,
    coalesce(sum(people) FILTER (WHERE is_referred), 0)::BIGINT AS referred_people,
    coalesce(sum(people) FILTER (WHERE NOT is_referred), 0)::BIGINT AS compared_people,
    any_value(person_time) FILTER (WHERE is_referred) AS person_time,
    any_value(person_time) FILTER (WHERE NOT is_referred) AS comparison_time
FROM nights_of_both_groups($filters)
GROUP BY ALL;
