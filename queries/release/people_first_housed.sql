/*
title = "People placed in permanent housing for the first time"
unit = "people"
definition = "People by the month of their first move into permanent housing; each person counts once."
sentence = "In {period}, {number} people moved into permanent housing for the first time."
caution = "A voucher, an application or a referral to a housing program is not a move."
needs = ["housing.moved_in_on", "housing.participants"]
sources = ["housing"]
records = "participant"
every = "month"
breakdowns = ["neighborhood", "race", "sex", "age_band", "pathway"]
stands_for = ["people_placed_in_permanent_housing"]
*/
SELECT
    strftime(placement.event_date, '%Y-%m') AS period,
    placement.dimensions.neighborhood AS neighborhood,
    placement.dimensions.race AS race,
    placement.dimensions.sex AS sex,
    placement.dimensions.age_band AS age_band,
    placement.dimensions.pathway AS pathway,
    count(DISTINCT placement.person_key) AS people
FROM program.placement
GROUP BY ALL;
