/*
title = "Referrals by social contact"
unit = "referrals"
definition = "Referrals that an officer made with no arrest in play, dated in the period."
population = "Every referral in the exports."
within = ["referrals_received"]
caution = "No arrest was avoided here; do not add them to diverted arrests."
sources = ["referral"]
records = "referral of one pathway"
place = "where the referral was made"
method = "Count of referrals of the pathway social contact by referral date."
*/
SELECT
    referral.period,
    referral.category,
    referral.second_category,
    known_people(referral.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.referral', $filters) AS referral
WHERE referral.dimensions.pathway = 'social_contact'
GROUP BY ALL;
