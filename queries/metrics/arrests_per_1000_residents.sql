/*
title = "Arrests per 1,000 residents"
unit = "per 1,000 residents a year"
definition = "Arrests dated in the period, for each 1,000 residents of the same group or place and each year of the period."
population = "Every arrest in the police extract whose group or place the population table has."
within = ["arrests"]
caution = "Residents are not the people police meet: people are arrested where they do not live, and police are sent to some places more than others. Measures what police do and record, not how people behave."
sources = ["arrest", "population"]
records = "resident"
filters = ["place"]
place = "where the arrest was made; residents where they live"
estimator = "per_resident"
adds_up = false
method = "1,000 x arrests / (residents x years). Exact Poisson limits (Garwood, 1936), as if each arrest came by itself."
*/
SELECT * FROM events_by_residents('program.arrest', $filters);
