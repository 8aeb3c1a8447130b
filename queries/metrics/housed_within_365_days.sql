/*
title = "Housed within 365 days"
unit = "percent"
definition = "Of the people who began LEAD homeless in the period, the share who moved into permanent housing within 365 days."
population = "Everybody with an enrollment in LEAD who was homeless when it began."
within = ["people_enrolled", "new_people"]
caution = "Young cohorts have been followed for less time; jail does not stop the clock."
needs = ["housing.moved_in_on"]
sources = ["enrollment", "living_situation", "housing"]
optional = ["housing"]
breakdowns = ["race", "race_alone_or_in_combination", "sex", "age_band", "pathway", "neighborhood"]
place = "where the person was served when LEAD began"
estimator = "incidence"
horizon_days = 365
method = "Cumulative incidence (Aalen-Johansen); death, moving away and prison compete, the end of the data censors."
*/
SELECT *
FROM follow_up_counts('program.homeless_start', 365, $filters);
