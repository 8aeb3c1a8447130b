/*
title = "People housed within a year of enrollment"
unit = "percent"
definition = "Of the people homeless when they enrolled in the period, at least 365 days before the data end, the share who moved into permanent housing by day 365."
population = "Everybody with an enrollment in LEAD who was homeless when it began."
within = ["people_enrolled", "new_people"]
caution = "Leaves out recent enrollments, so that everybody had the same time."
needs = ["housing.moved_in_on", "housing.participants", "living_situation.participants"]
sources = ["enrollment", "living_situation", "housing"]
optional = ["housing"]
records = "participant"
place = "the place of the enrollment, else of the latest referral before it"
estimator = "proportion"
horizon_days = 365
stage = "homeless_to_housed"
benefit = true
method = "People with a move-in by day 365 / people followed for 365 days. Wilson (1927) interval."
*/
SELECT * FROM whole_window_counts('program.homeless_start', $filters);
