/*
title = "Median days to first contact"
unit = "days"
definition = "Days from the first day in LEAD after which half of the people who first enrolled in the period had a contact, among those who stayed; empty while half have not had one."
population = "Everybody whose first enrollment in LEAD is in the exports."
within = ["people_enrolled", "new_people"]
caution = "A contact that was not entered is not seen. A contact on the first day counts as day 0."
needs = ["contact.participants"]
sources = ["enrollment", "contact"]
records = "participant"
place = "the place of the enrollment, else of the latest referral before it"
estimator = "median_wait"
method = "First day on which the Kaplan-Meier curve is at one half or below; people not met, gone or dead are censored. Log-log interval (Brookmeyer and Crowley, 1982)."
*/
SELECT * FROM follow_up_counts('program.contact_wait', $filters);
