/*
title = "Release of information on file"
unit = "percent"
definition = "Of the people enrolled at the end of the period's last day, the share with a release of information signed by then on one of their referrals."
population = "Everybody with an enrollment in LEAD."
within = ["active_caseload"]
caution = "A release may have been limited, withdrawn or signed on paper alone. Without one, partners cannot coordinate for the person."
needs = ["enrollment.exited_on", "referral.roi_signed_on"]
sources = ["enrollment", "referral"]
records = "participant"
place = "the place of the enrollment in force that day, else of the latest referral before it"
estimator = "proportion"
is_stock = true
method = "People enrolled with a signed release / people enrolled. Wilson (1927) interval."
*/
-- One row a person, so that the counts are people.
SELECT
    *,
    people AS denominator,
    numerator AS numerator_people,
    people - numerator AS complement_people
FROM (
    SELECT
        caseload.period,
        caseload.category,
        caseload.second_category,
        count(DISTINCT caseload.person_key) AS people,
        count(DISTINCT release.person_key) AS numerator
    FROM on_last_day('program.caseload_span', $filters) AS caseload
    INNER JOIN periods($filters) AS span ON caseload.period IS NOT DISTINCT FROM span.period
    LEFT JOIN (
        SELECT
            person_key,
            min(roi_signed_on) AS signed_on
        FROM program.referral
        GROUP BY person_key
    ) AS release
        ON caseload.person_key = release.person_key AND release.signed_on <= span.last_day
    GROUP BY ALL
);
