/*
title = "Arrested again within 365 days"
unit = "percent"
definition = "Of the people first referred in the period, whether or not they enrolled, the share arrested within the 365 days that followed, not counting arrests on warrants from before."
population = "Everybody ever referred, whether or not they enrolled, from the first referral."
within = ["people_referred"]
caution = "Contact with police, not behavior; arrests elsewhere are not seen. Not to be compared with published odds, which come from a study with a comparison group."
needs = ["arrest.person_id"]
sources = ["referral", "arrest"]
breakdowns = ["race", "race_alone_or_in_combination", "sex", "age_band", "pathway", "neighborhood", "charge_class", "source_agency"]
place = "where the person was first referred"
estimator = "incidence"
horizon_days = 365
method = "Cumulative incidence (Aalen-Johansen); death competes, the end of the data censors."
*/
SELECT *
FROM follow_up_counts('program.first_referral', 365, $filters);
