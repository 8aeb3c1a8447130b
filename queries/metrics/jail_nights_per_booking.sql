/*
title = "Jail nights for each booking, whole jail"
unit = "nights"
definition = "Jail nights of the period divided by its bookings: the length of stay that would fill the jail as it was filled."
population = "Everybody booked into the jail, whether or not they know LEAD."
caution = "Not the stay of those booked in the period, who may stay on after it; read it with the number of bookings."
needs = ["jail_stay.released_at or jail_roster.seen_on"]
sources = ["jail_stay"]
records = "booking"
filters = []
estimator = "ratio"
method = "Average daily population x nights in the period / admissions."
*/
SELECT
    period,
    category,
    second_category,
    known_people(person_key) AS people,
    sum(nights)::BIGINT AS numerator,
    sum(bookings)::BIGINT AS denominator
FROM custody_in_periods($filters)
GROUP BY ALL;
