/*
title = "Jail population that bookings and stays would give, whole jail"
unit = "people"
definition = "Bookings a day in the period, times the mean stay of those booked: by Little's law, the people inside on an average midnight."
population = "Everybody booked into the jail, whether or not they know LEAD."
caution = "A check of the data against themselves, not a second count: over a year, a gap of more than a tenth that chance does not explain points to bookings or releases that are missing."
needs = ["jail_stay.released_at or jail_roster.seen_on"]
sources = ["jail_stay"]
records = "booking"
filters = []
estimator = "population_by_flow"
horizon_days = 182
method = "Admissions / nights of the period x mean stay of those admitted, people still inside being censored (Kaplan-Meier, restricted to the longest seen). Range from the error of the mean stay (Greenwood)."
*/
SELECT
    stay.period,
    stay.category,
    stay.second_category,
    known_people(stay.person_key) AS people,
    count(*) AS events,
    any_value(span.next_day - span.first_day) AS days,
    histogram(stay.nights) FILTER (WHERE NOT stay.is_open) AS closed,
    histogram(stay.nights) FILTER (WHERE stay.is_open) AS still_inside
FROM events_in_view('program.custody_episode', $filters) AS stay
INNER JOIN periods($filters) AS span ON stay.period IS NOT DISTINCT FROM span.period
WHERE NOT stay.is_already_inside
GROUP BY ALL;
