/*
unit = "percent"
definition = "Of the people who first enrolled in the period, the share still enrolled {days} days later without ever having gone 90 days, or as many as the site has set, without a contact."
population = "Everybody whose first enrollment in LEAD is in the exports."
within = ["people_enrolled", "new_people"]
caution = "Leaving is not always a failure: people finish, move and die. The months are months of enrollment; a month counts once people have been followed that long."
needs = ["enrollment.exited_on", "contact.participants"]
sources = ["enrollment", "contact"]
records = "participant"
place = "the place of the enrollment, else of the latest referral before it"
estimator = "retention"
method = "1 minus the cumulative incidence of losing contact, of exit and of death; losing contact is dated to the day the window passed. Those followed for less are censored. Interval on the log-log scale."

[metrics.retained_at_182_days]
title = "Still enrolled and in contact after half a year"
horizon_days = 182

[metrics.retained_at_365_days]
title = "Still enrolled and in contact after a year"
horizon_days = 365
*/
SELECT * FROM remaining_counts('program.engagement', $filters);
