/*
title = "Intake within {days} days"
unit = "percent"
definition = "Of the referrals of the period of people not enrolled then, the share with intake done by day {days}, those still waiting counted as not yet known."
population = "Every referral of somebody who was not enrolled that day."
within = ["referrals_received"]
caution = "The months are months of referral, not of intake. Recent months rest on fewer people followed long enough, and have wide ranges."
needs = ["referral.intake_completed_on"]
sources = ["referral"]
records = "referral"
place = "where the referral was made"
estimator = "incidence"
method = "Aalen-Johansen cumulative incidence; closing or death before intake competes, waiting at the end of the data is censored. Interval on the log-log scale."

[metrics]
intake_within_14_days = { horizon_days = 14 }
intake_within_30_days = { horizon_days = 30 }
intake_within_90_days = { horizon_days = 90 }
*/
SELECT * FROM follow_up_counts('program.intake_wait', $filters);
