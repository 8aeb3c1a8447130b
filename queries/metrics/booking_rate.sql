/*
title = "Booking rate"
unit = "percent"
definition = "Of the charge-eligible arrests of the period for which the extract says so, the share booked into jail."
population = "Every arrest of an adult in the police extract whose charge could be diverted."
within = ["arrests", "eligible_arrests"]
caution = "Not the reverse of the diversion rate: many people are cited and released."
needs = ["arrest.is_booked", "arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges"]
sources = ["arrest"]
records = "arrest"
filters = ["place"]
place = "where the arrest was made"
estimator = "proportion"
stage = "arrest_to_booking"
benefit = false
method = "Booked eligible arrests / eligible arrests known as booked or not. Wilson (1927) interval; where people have more than 1.2 arrests on average, a bootstrap of people, since arrests of one person are alike."
*/
SELECT * FROM eligible_arrests_with('is_booked', $filters);
