/*
population = "Every referral in the exports."
sources = ["referral"]
records = "referral"
place = "where the referral was made"

[metrics.people_referred]
title = "People referred"
unit = "people"
definition = "Different people with at least one referral dated in the period."
caution = "Months do not add up: a person referred in two months is one person of the year."
method = "Count of different people by referral date. No interval: everybody is counted, nobody is sampled."

[metrics.referrals_received]
title = "Referrals received"
unit = "referrals"
definition = "Referrals dated in the period, each counted once; a repeat for the same person and pathway within 7 days is the same referral."
caution = "A referral is not a participant, and only arrest diversions take the place of an arrest."
method = "Count of referrals by referral date. No interval: every referral is counted, none is sampled."
*/
SELECT
    referral.period,
    referral.category,
    referral.second_category,
    count(DISTINCT referral.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.referral', $filters) AS referral
GROUP BY ALL;
