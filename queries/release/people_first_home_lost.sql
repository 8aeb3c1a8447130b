/*
title = "People who lost their first home"
unit = "people"
definition = "People by the month in which they lost the first permanent home that they had moved into: seen homeless, in a shelter, or gone to anywhere not known to be permanent; each person counts once."
sentence = "In {period}, {number} people lost the first permanent home that they had found."
caution = "Nobody hears of every loss. Most of these people found their home in an earlier period: do not subtract them from those who found one in this."
needs = ["housing.moved_in_on", "housing.exited_on", "housing.destination", "housing.participants"]
sources = ["housing"]
records = "participant"
every = "month"
breakdowns = []
stands_for = ["people_who_lost_first_home"]
*/
SELECT
    strftime(event_on, '%Y-%m') AS period,
    count(DISTINCT person_key) AS people
FROM program.placement
-- Out of sight before it.
WHERE event_on IS NOT NULL AND (censored_on IS NULL OR event_on <= censored_on)
GROUP BY ALL;
