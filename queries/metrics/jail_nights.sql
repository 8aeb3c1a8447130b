/*
population = "Everybody booked into the jail, whether or not they know LEAD."
needs = ["jail_stay.released_at or jail_roster.seen_on"]
sources = ["jail_stay"]
records = "booking"
filters = []
benefit = false

[metrics.jail_nights]
title = "Jail nights, whole jail"
unit = "nights"
definition = "Nights spent in jail in the period, one for each person inside at midnight."
caution = "Everybody in the jail, not people in LEAD; stays that are neither ended nor on the roster are left out."
method = "Midnights inside, overlapping stays united, open stays through the last night of the data."

[metrics.jail_average_daily_population]
title = "Average daily jail population, whole jail"
unit = "people"
definition = "Jail nights of the period divided by the number of its nights: the people inside on an average midnight."
caution = "Everybody in the jail, not people in LEAD; many things besides LEAD move it, and slowly."
estimator = "daily_average"
method = "Nights / nights in the period."
*/
SELECT
    period,
    category,
    second_category,
    known_people(person_key) AS people,
    sum(nights)::BIGINT AS events,
    any_value(days) AS days
FROM custody_in_periods($filters)
WHERE nights > 0
GROUP BY ALL;
