/*
title = "Jail bookings, whole jail"
unit = "bookings"
definition = "Times a person was taken into custody in the period, for any reason; stays that overlap or follow one another without a break are one."
population = "Everybody booked into the jail, whether or not they know LEAD."
caution = "Everybody in the jail, not people in LEAD; a booking released the same day counts here and has no night."
needs = ["jail_stay.released_at or jail_roster.seen_on"]
sources = ["jail_stay"]
records = "booking"
filters = []
method = "Admissions of custody episodes."
benefit = false
*/
SELECT
    episode.period,
    episode.category,
    episode.second_category,
    known_people(episode.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.custody_episode', $filters) AS episode
-- Inside when the records begin: booked before, nobody knows when.
WHERE NOT episode.is_already_inside
GROUP BY ALL;
