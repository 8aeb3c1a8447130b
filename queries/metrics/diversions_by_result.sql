/*
title = "How diversions ended"
unit = "referrals"
definition = "Referrals of the period by the result of their diversion, as recorded by the end of the data."
population = "Every referral; only exports that record results of diversions tell them."
within = ["referrals_received"]
caution = "Recent diversions have had less time to end. LEAD itself has no graduation: results come from courts, prosecutors and programs with one."
needs = ["referral.diversion_result"]
sources = ["referral"]
place = "where the referral was made"
categories = ["Graduated", "Failed", "Open, or no result recorded", "Ended, result unknown"]
method = "Count of referrals by result. The results add up to the referrals."
*/
SELECT
    period,
    category,
    second_category,
    count(DISTINCT person_key) AS people,
    count(*) AS events
FROM (
    SELECT
        * EXCLUDE (category),
        unnest(metric_category(
            CASE
                WHEN event_on > ($filters)['as_of'] THEN 'Open, or no result recorded'
                ELSE result
            END,
            $filters
        )) AS category
    FROM events_in_view('program.diversion_course', $filters)
)
GROUP BY ALL;
