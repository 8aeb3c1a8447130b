/*
title = "Residents"
unit = "people"
definition = "Residents as the population table has them: one number, the same for every period."
population = "Everybody who lives in the county, as the population table has them."
caution = "Residents are not the people police meet: a rate for residents mixes where people live, where police are and what they do."
sources = ["population"]
records = "resident"
filters = ["place"]
place = "where people live"
is_stock = true
adds_up = false
method = "Sum of the population table; where it has no race, or races add up to less than the total, the rest is Unknown."
*/
SELECT period, category, second_category, people FROM residents($filters);
