/*
title = "Arrested again within {days} days"
unit = "percent"
definition = "Of the people first referred in the period, whether or not they enrolled, the share arrested within the {days} days that followed, not counting arrests on warrants from before."
population = "Everybody ever referred, whether or not they enrolled, from the first referral."
within = ["people_referred"]
caution = "Contact with police, not behavior; arrests elsewhere are not seen. Not to be compared with published odds, which come from a study with a comparison group."
needs = ["arrest.person_id", "arrest.participants"]
sources = ["referral", "arrest"]
records = "referral"
place = "where the person was first referred"
estimator = "incidence"
method = "Cumulative incidence (Aalen-Johansen); death competes, the end of the data censors."
benefit = false

[metrics]
rearrested_within_182_days = { horizon_days = 182 }
rearrested_within_365_days = { horizon_days = 365 }
rearrested_within_730_days = { horizon_days = 730 }
*/
SELECT * FROM follow_up_counts('program.first_referral', $filters);
