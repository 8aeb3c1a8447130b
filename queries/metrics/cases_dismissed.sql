/*
title = "Cases dismissed"
unit = "cases"
definition = "Cases of people who have been in LEAD that were dismissed in the period."
population = "Every case, in the export of prosecutor, court or legal coordination, of somebody who has been in LEAD at some time."
caution = "A dismissal need not have to do with LEAD."
needs = ["legal_case.dismissed_on"]
sources = ["legal_case", "enrollment"]
records = "case"
filters = []
method = "Count of cases by day of dismissal."
*/
SELECT * FROM legal_steps('dismissed', $filters);
