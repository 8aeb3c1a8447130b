/*
title = "Arrested for new conduct within 365 days"
unit = "percent"
definition = "Of the people first referred in the period, whether or not they enrolled, the share arrested within the 365 days that followed for anything but a warrant alone."
population = "Everybody ever referred, whether or not they enrolled, from the first referral."
within = ["people_referred"]
caution = "An arrest is not a conviction, and depends on where police are. Never added to arrests on warrants: some people have both."
needs = ["arrest.person_id", "arrest.is_warrant", "arrest.participants"]
sources = ["referral", "arrest"]
records = "referral"
place = "where the person was first referred"
estimator = "incidence"
horizon_days = 365
method = "Cumulative incidence (Aalen-Johansen); death competes, the end of the data censors. Arrests on a warrant alone neither count nor end the follow-up; without the column is_warrant there is no number."
benefit = false
*/
SELECT *
FROM follow_up_counts('program.first_referral_to_conduct', $filters);
