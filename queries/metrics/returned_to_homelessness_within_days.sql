/*
title = "Returned to homelessness within {days} days"
unit = "percent"
definition = "Of the exits to permanent housing in the period, from outreach, shelter, Safe Haven, transitional or permanent housing, that are at least {days} days old, of people referred to LEAD or enrolled (without LEAD data: in the housing system), the share followed within {days} days by an entry into outreach, shelter, Safe Haven or transitional housing, or into permanent housing more than 14 days later and not from within another permanent home."
population = "People referred to LEAD or enrolled who are in the housing export; without LEAD data, everybody in it."
within = ["housing_exits"]
caution = "Only returns into the housing system are seen; exits too young for the window are left out, and moving from one permanent home to another is no return."
needs = ["housing.entered_on", "housing.project_type", "housing.exited_on", "housing.destination", "housing.participants"]
sources = ["housing"]
records = "exit from housing"
place = "where the person's enrollment in force, else the latest referral, is"
estimator = "proportion"
method = "Like HUD's measure 2, share of exits observed for the whole window; Wilson interval."
version = 2
benefit = false

[metrics]
returned_to_homelessness_within_180_days = { horizon_days = 180 }
returned_to_homelessness_within_365_days = { horizon_days = 365 }
returned_to_homelessness_within_730_days = { horizon_days = 730 }
*/
SELECT * FROM whole_window_counts('program.permanent_exit', $filters);
