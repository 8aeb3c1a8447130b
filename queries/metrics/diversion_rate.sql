/*
title = "Diversion rate"
unit = "percent"
definition = "Of the charge-eligible arrests of the period, the share in which the person was handed to LEAD at the arrest."
population = "Every arrest of an adult in the police extract whose charge could be diverted."
within = ["arrests", "eligible_arrests"]
caution = "Rises when officers make fewer minor arrests, even if no more people are diverted. Diverting somebody who would have been let go with a warning saves no booking."
needs = ["arrest.is_diverted or referral.arrest_id", "arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges"]
sources = ["arrest"]
records = "arrest"
filters = ["place"]
place = "where the arrest was made"
estimator = "proportion"
stage = "arrest_to_diversion"
benefit = true
method = "Diverted eligible arrests / eligible arrests. Wilson (1927) interval; where people have more than 1.2 arrests on average, a bootstrap of people, since arrests of one person are alike."
*/
SELECT * FROM eligible_arrests_with('is_diverted', $filters);
