/*
title = "Exits from housing and shelter projects"
unit = "exits"
definition = "Exits of people referred to LEAD or enrolled (without LEAD data: in the housing system) from housing, shelter and outreach projects in the period, each counted."
population = "People referred to LEAD or enrolled who are in the housing export; without LEAD data, everybody in it."
caution = "One person may leave several projects."
method = "Enrollments with an exit date, however long they were."
needs = ["housing.exited_on", "housing.participants"]
sources = ["housing"]
records = "exit from housing"
place = "where the person's enrollment in force, else the latest referral, is"
*/
SELECT
    housing_exit.period,
    housing_exit.category,
    housing_exit.second_category,
    count(DISTINCT housing_exit.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.housing_exit', $filters) AS housing_exit
GROUP BY ALL;
