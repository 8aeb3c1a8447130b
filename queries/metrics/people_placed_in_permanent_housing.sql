/*
title = "People placed in permanent housing"
unit = "people"
definition = "People referred to LEAD or enrolled (without LEAD data: in the housing system) whose first move into permanent housing falls in the period: a move-in of a permanent housing project, or a permanent living situation that lasted at least 30 days."
population = "People referred to LEAD or enrolled who are in the housing export; without LEAD data, everybody in it."
caution = "One first placement per person; a voucher, an application or a referral is none."
needs = ["housing.moved_in_on", "housing.participants", "living_situation.participants"]
sources = ["housing", "living_situation"]
optional = ["housing", "living_situation"]
records = "participant"
place = "where the person's enrollment in force, else the latest referral, is"
method = "First move-in (project types 3, 9, 10, 13) or 4xx situation of 30 days."
*/
SELECT
    placement.period,
    placement.category,
    placement.second_category,
    count(DISTINCT placement.person_key) AS people
FROM events_in_view('program.placement', $filters) AS placement
GROUP BY ALL;
