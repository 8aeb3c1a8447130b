/*
title = "People who died, before, in and after LEAD"
unit = "people"
definition = "People who died in the year, and had been referred to LEAD or enrolled in it by the day of death, by whether they were not yet enrolled, enrolled, or no longer."
population = "Everybody with a referral or an enrollment in LEAD on or before the day of death."
within = ["people_who_died"]
caution = "Groups of different size and followed for different times: which is larger says nothing of where people are safer."
needs = ["person.death_date or housing.destination", "enrollment.exited_on"]
sources = ["referral", "enrollment", "person", "housing"]
optional = ["referral", "person", "housing"]
filters = []
whole_years = true
categories = ["Referred, not yet enrolled", "Enrolled in LEAD", "After LEAD"]
method = "Count of people by day of death, of the whole county and of whole calendar years alone. Whoever left on the day of death, or later, was enrolled."
*/
SELECT
    period,
    category,
    second_category,
    count(*) AS people
FROM (
    SELECT
        * EXCLUDE (category),
        unnest(metric_category(since, $filters)) AS category
    FROM events_in_view('program.death', $filters)
)
GROUP BY ALL;
