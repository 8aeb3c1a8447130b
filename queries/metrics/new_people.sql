/*
title = "New people"
unit = "people"
definition = "People whose first time in LEAD began in the period."
population = "Everybody with an enrollment in LEAD."
caution = "First means first in these exports; an earlier time that was not exported is not seen."
sources = ["enrollment"]
records = "participant"
place = "the place of the enrollment, else of the latest referral before it"
method = "Count of first episodes by first day. Caseload at start + new + returned - ended = caseload at end."
*/
SELECT
    episode.period,
    episode.category,
    episode.second_category,
    count(DISTINCT episode.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.episode', $filters) AS episode
WHERE episode.episode = 1
GROUP BY ALL;
