/*
title = "People enrolled for the first time"
unit = "people"
definition = "People by the month in which their first time in LEAD began; each person counts once."
sentence = "In {period}, {number} people came into LEAD for the first time."
caution = "People who came back to LEAD are not counted again."
sources = ["enrollment"]
records = "participant"
every = "month"
breakdowns = ["neighborhood", "race", "sex", "age_band", "pathway"]
stands_for = ["people_enrolled"]
*/
SELECT
    strftime(episode.event_date, '%Y-%m') AS period,
    episode.dimensions.neighborhood AS neighborhood,
    episode.dimensions.race AS race,
    episode.dimensions.sex AS sex,
    episode.dimensions.age_band AS age_band,
    episode.dimensions.pathway AS pathway,
    count(DISTINCT episode.person_key) AS people
FROM program.episode
WHERE episode.episode = 1
GROUP BY ALL;
