/*
title = "Warrants cleared"
unit = "warrants"
definition = "Warrants of people who have been in LEAD that were cleared in the period, by a hearing, by being quashed, or with the dismissal of the case."
population = "Every case, in the export of prosecutor, court or legal coordination, of somebody who has been in LEAD at some time."
caution = "Cleared by coming to court or by being arrested: the export does not tell these apart."
needs = ["legal_case.warrant_cleared_on"]
sources = ["legal_case", "enrollment"]
records = "case"
filters = []
method = "Count of cases by the day their warrant was cleared, or the case dismissed if that came first; a dismissal clears a warrant only where one was issued."
version = 2
*/
SELECT * FROM legal_steps('warrant cleared', $filters);
