/*
row = "the year without LEAD that says what arrests used to lead to"
*/
-- The site's, else the 365 days before the first referral.
CREATE TABLE program.baseline (
    first_day DATE, -- its first day; NULL: nobody knows
    next_day DATE -- the day after its last
);

INSERT INTO program.baseline BY NAME
SELECT
    coalesce(site.baseline_first, referral.first_day - 365) AS first_day,
    coalesce(site.baseline_next, referral.first_day) AS next_day
FROM program.site
CROSS JOIN (SELECT min(event_date) AS first_day FROM program.referral) AS referral;
