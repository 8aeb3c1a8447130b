/*
title = "People placed in permanent housing for the first time"
unit = "people"
definition = "People by the month of their first move into permanent housing; each person counts once."
sentence = "In {period}, {number} people moved into permanent housing for the first time."
caution = "A voucher, an application or a referral to a housing program is not a move."
sources = ["housing"]
every = "month"
breakdowns = ["neighborhood", "race", "sex", "age_band", "pathway"]
stands_for = ["people_placed_in_permanent_housing"]
*/
SELECT
    strftime(placement.counted_on, '%Y-%m') AS period,
    placement.traits.neighborhood AS neighborhood,
    placement.traits.race AS race,
    placement.traits.sex AS sex,
    placement.traits.age_band AS age_band,
    placement.traits.pathway AS pathway,
    count(DISTINCT placement.person_key) AS people
FROM program.placement
GROUP BY ALL;
