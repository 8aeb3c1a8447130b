/*
title = "Arrested on a new warrant within 365 days"
unit = "percent"
definition = "Of the people first referred in the period, whether or not they enrolled, the share arrested within the 365 days that followed on nothing but a warrant issued after the referral."
population = "Everybody ever referred, whether or not they enrolled, from the first referral."
within = ["people_referred"]
caution = "Most such warrants follow a missed court date. A published study found its effect in all arrests, and none in arrests for new conduct."
needs = ["arrest.person_id", "arrest.is_warrant", "arrest.participants"]
sources = ["referral", "arrest"]
records = "referral"
place = "where the person was first referred"
estimator = "incidence"
horizon_days = 365
method = "Cumulative incidence (Aalen-Johansen); death competes, the end of the data censors. Warrants from before the referral are left out; without the column is_warrant there is no number."
benefit = false
*/
SELECT *
FROM follow_up_counts('program.first_referral_to_warrant', $filters);
