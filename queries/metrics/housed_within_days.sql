/*
title = "Housed within {days} days"
unit = "percent"
definition = "Of the people who began LEAD homeless in the period, the share who moved into permanent housing within {days} days."
population = "Everybody with an enrollment in LEAD who was homeless when it began."
within = ["people_enrolled", "new_people"]
caution = "Recent cohorts have been followed for less time; time in jail counts as time."
needs = ["housing.moved_in_on", "housing.participants", "living_situation.participants"]
sources = ["enrollment", "living_situation", "housing"]
optional = ["housing"]
records = "participant"
place = "where the person was served when LEAD began"
estimator = "incidence"
method = "Cumulative incidence (Aalen-Johansen); death, moving away and prison compete, the end of the data censors."

[metrics]
housed_within_90_days = { horizon_days = 90 }
housed_within_182_days = { horizon_days = 182 }
housed_within_365_days = { horizon_days = 365 }
*/
SELECT * FROM follow_up_counts('program.homeless_start', $filters);
