/*
title = "People who came back"
unit = "people"
definition = "Different people who began a second or later time in LEAD in the period, after at least one day out of it."
population = "Everybody with an enrollment in LEAD."
caution = "Coming back is not a failure; LEAD keeps its door open."
needs = ["enrollment.exited_on"]
sources = ["enrollment"]
records = "participant"
place = "the place of the enrollment, else of the latest referral before it"
method = "Count of people with an episode after their first, by first day; every return is one of the events."
*/
SELECT
    episode.period,
    episode.category,
    episode.second_category,
    count(DISTINCT episode.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.episode', $filters) AS episode
WHERE episode.episode > 1
GROUP BY ALL;
