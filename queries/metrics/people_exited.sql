/*
title = "People who left"
unit = "people"
definition = "Different people whose time in LEAD ended in the period."
population = "Everybody with an enrollment in LEAD."
caution = "An exit is not a failure: people graduate, move and die; and sites close files at different times."
needs = ["enrollment.exited_on"]
sources = ["enrollment"]
records = "end of a time in LEAD"
place = "the place of the enrollment that ended, else of the latest referral before it"
method = "Count of people by day of exit; an exit from one of two enrollments is none. Every end is one of the events."
*/
SELECT
    episode_end.period,
    episode_end.category,
    episode_end.second_category,
    count(DISTINCT episode_end.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.episode_end', $filters) AS episode_end
GROUP BY ALL;
