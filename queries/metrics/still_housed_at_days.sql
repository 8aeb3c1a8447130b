/*
title = "Still housed after {days} days"
unit = "percent"
definition = "Of the people referred to LEAD or enrolled (without LEAD data: in the housing system) who first moved into permanent housing in the period, the share who had not lost it {days} days later."
population = "People referred to LEAD or enrolled who are in the housing export; without LEAD data, everybody in it."
within = ["people_placed_in_permanent_housing"]
caution = "A home is lost when the person is seen homeless, enters a shelter, or leaves the project for anywhere not known to be permanent; nobody hears of every loss."
needs = ["housing.moved_in_on", "housing.exited_on", "housing.destination", "housing.participants", "living_situation.participants"]
sources = ["housing", "living_situation"]
optional = ["housing", "living_situation"]
records = "participant"
place = "where the person's enrollment in force, else the latest referral, is"
estimator = "retention"
method = "Kaplan-Meier from the move-in of everybody who moved in; death and the end of the data censor, a transfer within 14 days is no loss."

[metrics]
still_housed_at_182_days = { horizon_days = 182 }
still_housed_at_365_days = { horizon_days = 365 }
*/
SELECT * FROM remaining_counts('program.placement', $filters);
