/*
title = "Charge-eligible arrests"
unit = "arrests"
definition = "Arrests of adults dated in the period whose charge, or all of whose charges, was on the list of divertible charges that day."
population = "Every arrest of an adult in the police extract whose charge could be diverted."
within = ["arrests"]
caution = "History, amount or a victim may still rule diversion out; the extract does not say so, and some of these could not have been diverted."
needs = ["arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges"]
sources = ["arrest"]
records = "arrest"
filters = ["place"]
place = "where the arrest was made"
method = "Count of arrests by local date; the site's dated list wins over the flag of the extract."
version = 2
*/
SELECT
    arrest.period,
    arrest.category,
    arrest.second_category,
    known_people(arrest.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.arrest', $filters) AS arrest
WHERE arrest.is_eligible
GROUP BY ALL;
