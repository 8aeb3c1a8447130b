/*
title = "People who died"
unit = "people"
definition = "People who died, by when they died, of those who had been referred to LEAD or enrolled in it by then; each person counts once. Shown by year, and of the whole county alone."
sentence = "In {period}, {number} people whom LEAD knew died."
caution = "Deaths that the records know; some are learned of late or never. They do not say what LEAD did or left undone: people come to LEAD in danger, and where more are reached, more of those who die are known."
needs = ["person.death_date or housing.destination"]
sources = ["referral"]
every = "month"
breakdowns = []
stands_for = ["people_who_died"]
*/
SELECT
    strftime(event_date, '%Y-%m') AS period,
    count(*) AS people
FROM program.death
GROUP BY ALL;
