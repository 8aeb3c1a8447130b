-- The year without LEAD that says what arrests used to lead to: the site's, else the 365 days before
-- the first referral.
CREATE TABLE program.baseline AS
SELECT
    coalesce(site.baseline_first, referral.first_day - 365) AS first_day,
    coalesce(site.baseline_next, referral.first_day) AS next_day
FROM program.site
CROSS JOIN (SELECT min(counted_on) AS first_day FROM program.referral) AS referral;
