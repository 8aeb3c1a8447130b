/*
title = "Change in jail nights, people referred and people arrested and not diverted"
unit = "nights per person-year"
definition = "Nights in jail in the 365 days after less those in the 365 days before, per person: of people first referred in the period, and of people first arrested in it for a charge that could have been diverted and was not."
population = "Everybody ever referred, and everybody arrested for a divertible charge since LEAD began and not diverted, if a full year can be seen on both sides."
caution = "The two groups were not alike to begin with: officers chose whom to divert."
needs = ["arrest.person_id", "arrest.is_diverted or referral.arrest_id", "arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges", "jail_stay.released_at or jail_roster.seen_on", "jail_stay.participants"]
sources = ["referral", "jail_stay", "arrest"]
looks_back = { jail_stay = 365 }
filters = ["place"]
place = "where the person was first referred, else where the arrest was made"
estimator = "rate_change"
horizon_days = 365
categories = ["Referred to LEAD", "Arrested and not diverted"]
method = "People with a full year on both sides, classed by referral and not by intake; the comparison group is followed from its first such arrest whatever comes after. Interval by resampling people."
*/
SELECT
    period,
    CASE WHEN is_referred THEN 'Referred to LEAD' ELSE 'Arrested and not diverted' END AS category,
    second_category,
    people,
    person_time
FROM nights_of_both_groups($filters);
