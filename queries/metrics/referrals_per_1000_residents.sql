/*
title = "Referrals per 1,000 residents"
unit = "per 1,000 residents a year"
definition = "Referrals dated in the period, for each 1,000 residents of the same group or place and each year of the period."
population = "Every referral whose group or place the population table has."
within = ["referrals_received"]
caution = "People are referred where they are met, which is often not where they live: downtown many come to few residents. More referrals are not more need, nor is a place with more of them worse."
sources = ["referral", "population"]
records = "resident"
filters = ["place"]
place = "where the referral was made; residents where they live"
estimator = "per_resident"
adds_up = false
method = "1,000 x referrals / (residents x years). Exact Poisson limits (Garwood, 1936), as if each referral came by itself."
*/
SELECT * FROM events_by_residents('program.referral', $filters);
