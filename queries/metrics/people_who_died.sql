/*
title = "People who died"
unit = "people"
definition = "People who died in the year, and had been referred to LEAD or enrolled in it by the day of death."
population = "Everybody with a referral or an enrollment in LEAD on or before the day of death."
caution = "Deaths that the exports know; some are learned of late or never. They do not say what LEAD did or left undone: people come to LEAD in danger, and where more are reached, more of those who die are known."
needs = ["person.death_date or housing.destination"]
sources = ["referral", "enrollment", "person", "housing"]
optional = ["referral", "enrollment", "person", "housing"]
filters = []
whole_years = true
method = "Count of people by day of death, of the whole county and of whole calendar years alone."
*/
SELECT
    death.period,
    death.category,
    death.second_category,
    count(*) AS people
FROM events_in_view('program.death', $filters) AS death
GROUP BY ALL;
