/*
title = "People referred"
unit = "people"
definition = "Different people with at least one referral dated in the period."
population = "Every referral in the exports."
caution = "Months do not add up: a person referred in two months is one person of the year."
sources = ["referral"]
breakdowns = ["race", "race_alone_or_in_combination", "sex", "age_band", "pathway", "neighborhood", "charge_class", "source_agency"]
place = "where the referral was made"
method = "Count of different people by referral date. No interval: everybody is counted, nobody is sampled."
*/
SELECT
    referral.period,
    referral.category,
    referral.second_category,
    count(DISTINCT referral.person_key) AS people,
    count(*) AS events
FROM in_scope('program.referral', $filters) AS referral
GROUP BY ALL;
