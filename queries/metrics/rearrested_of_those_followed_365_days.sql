/*
title = "Arrested again within a year, of those followed for all of it"
unit = "percent"
definition = "Of the people first referred in the period and at least 365 days before the data end, the share arrested within the 365 days that followed, not counting arrests on warrants from before."
population = "Everybody ever referred, whether or not they enrolled, from the first referral."
within = ["people_referred"]
caution = "Leaves out recent referrals, so that everybody had the same time; contact with police, not behavior."
needs = ["arrest.person_id", "arrest.participants"]
sources = ["referral", "arrest"]
records = "referral"
place = "where the person was first referred"
estimator = "proportion"
horizon_days = 365
method = "People arrested by day 365 / people whose 365 days are over; Wilson interval."
benefit = false
*/
SELECT *
FROM whole_window_counts('program.first_referral', $filters);
