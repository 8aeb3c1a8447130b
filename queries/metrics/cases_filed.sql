/*
title = "Cases filed"
unit = "cases"
definition = "Cases of people who have been in LEAD in which a charge was filed in the period."
population = "Every case, in the export of prosecutor, court or legal coordination, of somebody who has been in LEAD at some time."
caution = "A filing is a decision of the prosecutor, and no finding of guilt. Cases of people who came to LEAD because of them were mostly filed before."
needs = ["legal_case.filed_on"]
sources = ["legal_case", "enrollment"]
records = "case"
filters = []
method = "Count of cases by day of filing."
*/
SELECT * FROM legal_steps('filed', $filters);
