/*
title = "Cases declined"
unit = "cases"
definition = "Cases of people who have been in LEAD that the prosecutor declined to file in the period."
population = "Every case, in the export of prosecutor, court or legal coordination, of somebody who has been in LEAD at some time."
caution = "Why a case was declined is not in the export: evidence, policy and LEAD all count."
needs = ["legal_case.declined_on"]
sources = ["legal_case", "enrollment"]
records = "case"
filters = []
method = "Count of cases by day of the decision."
*/
SELECT * FROM legal_steps('declined', $filters);
