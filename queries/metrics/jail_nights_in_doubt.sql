/*
title = "Jail nights in doubt, whole jail"
unit = "nights"
definition = "Nights of the period between bookings without a release and the end of the data, where no roster shows the person inside and no other stay accounts for the night."
population = "Everybody booked into the jail without a release since, whom no roster shows inside."
caution = "An upper limit, not an estimate: with a roster these nights stand in no other number, without one they are part of the jail nights."
needs = ["jail_stay.released_at or jail_roster.seen_on"]
sources = ["jail_stay"]
records = "booking"
filters = []
method = "Midnights, one for each person."
*/
SELECT
    span.period,
    doubtful.category,
    doubtful.second_category,
    known_people(doubtful.person_key) AS people,
    sum(
        nights_within(doubtful.first_day, doubtful.last_day, span.first_day, span.next_day)
    )::BIGINT AS events
FROM periods($filters) AS span
INNER JOIN by_category('program.doubtful_custody', $filters) AS doubtful
    ON doubtful.first_day < span.next_day AND doubtful.last_day > span.first_day
GROUP BY ALL;
