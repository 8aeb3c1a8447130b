SELECT
    calendar.month,
    referral.person_key,
    referral.dimensions,
    CASE WHEN referral.person_key IS NULL THEN 0 ELSE 1 END AS people,
    count(*) AS events
FROM referral
INNER JOIN calendar ON referral.month = calendar.month AND referral.event_date < calendar.next_day
GROUP BY calendar.month, referral.person_key, referral.dimensions
