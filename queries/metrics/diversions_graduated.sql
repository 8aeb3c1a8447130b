/*
title = "Diversions that graduated"
unit = "percent"
definition = "Of the diversions that ended in the period with a known result, the share that graduated."
population = "Every referral whose diversion ended, graduated or failed."
caution = "Says nothing of those still open. Who is offered a diversion, and which one, decides much of it."
needs = ["referral.diversion_result", "referral.diversion_ended_on"]
sources = ["referral"]
records = "referral"
place = "where the referral was made"
estimator = "proportion"
benefit = true
method = "Graduated / (graduated + failed), by the day the diversion ended. Wilson (1927) interval."
*/
SELECT
    diversion_end.period,
    diversion_end.category,
    diversion_end.second_category,
    count(DISTINCT diversion_end.person_key) AS people,
    count(*) AS denominator,
    count(*) FILTER (WHERE diversion_end.is_graduated) AS numerator,
    count(DISTINCT diversion_end.person_key) FILTER (WHERE diversion_end.is_graduated) AS numerator_people,
    count(DISTINCT CASE WHEN NOT diversion_end.is_graduated THEN diversion_end.person_key END)
        AS complement_people
FROM events_in_view('program.diversion_end', $filters) AS diversion_end
GROUP BY ALL;
