/*
title = "Jail nights, whole jail"
unit = "nights"
definition = "Nights spent in jail in the period, one for each person inside at midnight."
population = "Everybody booked into the jail, whether or not they know LEAD."
caution = "Everybody in the jail, not people in LEAD; stays that are neither ended nor on the roster are left out."
needs = ["jail_stay.released_at or jail_roster.seen_on"]
sources = ["jail_stay"]
breakdowns = ["race", "race_alone_or_in_combination", "sex", "age_band", "charge_class"]
filters = []
method = "Midnights inside, overlapping stays united, open stays through the last night of the data."
*/
SELECT
    period,
    category,
    second_category,
    known_people(person_key) AS people,
    sum(nights)::BIGINT AS events
FROM custody_in_periods($filters)
WHERE nights > 0
GROUP BY ALL;
