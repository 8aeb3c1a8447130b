/*
title = "People enrolled"
unit = "people"
definition = "Different people who began a time in LEAD in the period, for the first time or again."
population = "Everybody with an enrollment in LEAD."
caution = "Somebody who adds a second agency while enrolled does not count again."
sources = ["enrollment"]
records = "participant"
place = "the place of the enrollment, else of the latest referral before it"
method = "Count of people by the first day of an episode; enrollments that overlap or touch are one episode."
*/
SELECT
    episode.period,
    episode.category,
    episode.second_category,
    count(DISTINCT episode.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.episode', $filters) AS episode
GROUP BY ALL;
