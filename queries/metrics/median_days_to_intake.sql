/*
title = "Median days to intake"
unit = "days"
definition = "Days after which half of the referrals of the period had their intake, among people who stayed in the queue; empty while half have not had it."
population = "Every referral of somebody who was not enrolled that day."
within = ["referrals_received"]
caution = "Not the middle of the finished waits, which leaves out those still waiting and looks too short."
needs = ["referral.intake_completed_on"]
sources = ["referral"]
records = "referral"
place = "where the referral was made"
estimator = "median_wait"
method = "First day on which the Kaplan-Meier curve is at one half or below; waiting, closed and died are censored. Log-log interval (Brookmeyer and Crowley, 1982); no upper end while the curve's upper limit stays above one half."
benefit = false
*/
SELECT * FROM follow_up_counts('program.intake_wait', $filters);
