/*
title = "Referrals with intake within 90 days"
unit = "percent"
definition = "Of the referrals of the period made at least 90 days before the data end, of people not enrolled then, the share with intake done by day 90."
population = "Every referral of somebody who was not enrolled that day."
within = ["referrals_received"]
caution = "Leaves out recent referrals, so that all had the same time."
needs = ["referral.intake_completed_on"]
sources = ["referral"]
records = "referral"
place = "where the referral was made"
estimator = "proportion"
horizon_days = 90
stage = "referral_to_intake"
benefit = true
method = "Referrals with intake by day 90 / referrals followed for 90 days. Wilson (1927) interval."
*/
SELECT * FROM whole_window_counts('program.intake_wait', $filters);
