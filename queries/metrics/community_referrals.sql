/*
title = "Referrals from the community"
unit = "referrals"
definition = "Referrals dated in the period that a business, provider, prosecutor, defender, family or the person made, not an officer."
population = "Every referral in the exports."
within = ["referrals_received"]
caution = "They show who knows of LEAD as much as who needs it."
sources = ["referral"]
records = "referral of one pathway"
place = "where the referral was made"
method = "Count of referrals of the pathway community by referral date."
*/
SELECT
    referral.period,
    referral.category,
    referral.second_category,
    known_people(referral.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.referral', $filters) AS referral
WHERE referral.dimensions.pathway = 'community'
GROUP BY ALL;
