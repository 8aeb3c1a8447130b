/*
title = "Jail nights for each release, whole jail"
unit = "nights"
definition = "Mean number of nights of the stays that ended in the period, since they began."
population = "Everybody booked into the jail, whether or not they know LEAD."
caution = "A description only: long stays that have not ended are missing, so it is too short wherever stays grow longer."
needs = ["jail_stay.released_at or jail_roster.seen_on"]
sources = ["jail_stay"]
records = "booking"
filters = []
estimator = "ratio"
method = "Nights of completed custody episodes / episodes released in the period."
*/
SELECT
    span.period,
    episode.category,
    episode.second_category,
    known_people(episode.person_key) AS people,
    sum(episode.nights)::BIGINT AS numerator,
    count(*) AS denominator
FROM periods($filters) AS span
INNER JOIN by_category('program.custody_episode', $filters) AS episode
    ON episode.last_day >= span.first_day AND episode.last_day < span.next_day
WHERE NOT episode.is_open
GROUP BY ALL;
