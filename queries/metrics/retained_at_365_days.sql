/*
title = "Still in touch after a year"
unit = "percent"
definition = "Of the people who first enrolled in the period, the share still enrolled 365 days later without ever having gone 90 days, or as many as the site has set, without a contact."
population = "Everybody whose first enrollment in LEAD is in the exports."
within = ["people_enrolled", "new_people"]
caution = "Somebody who left may have left well. The months are months of enrollment; a month counts once people have been watched so long."
needs = ["enrollment.exited_on"]
sources = ["enrollment", "contact"]
breakdowns = ["race", "race_alone_or_in_combination", "sex", "age_band", "pathway", "neighborhood"]
place = "the place of the enrollment, else of the latest referral before it"
estimator = "retention"
horizon_days = 365
method = "1 minus the cumulative incidence of losing touch, of exit and of death; losing touch is dated to the day the window passed. Those watched for less are censored. Interval on the log-log scale."
*/
SELECT * FROM remaining_counts('program.engagement', 365, $filters);
