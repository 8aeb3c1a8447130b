/*
title = "Median days to the end of a diversion"
unit = "days"
definition = "Days after which half of the diversions that began with the referrals of the period had ended, graduated or failed; empty while half are open."
population = "Every referral, from its day."
within = ["referrals_received"]
caution = "Diversions still open count for as long as they have been watched, so this is longer than the mean of those that ended."
needs = ["referral.diversion_result", "referral.diversion_ended_on"]
sources = ["referral"]
records = "referral"
place = "where the referral was made"
estimator = "median_wait"
method = "First day on which the Kaplan-Meier curve is at one half or below; open ones and those who died are censored. Log-log interval (Brookmeyer and Crowley, 1982)."
*/
SELECT * FROM follow_up_counts('program.diversion_course', $filters);
