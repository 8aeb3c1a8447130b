/*
title = "Diversions for charges not on the list"
unit = "arrests"
definition = "Diverted arrests dated in the period whose charge, or one of whose charges, was not on the list of divertible charges that day, or of people under 18."
population = "Every arrest in the police extract."
within = ["arrests"]
caution = "They are diversions, but not part of the diversion rate."
needs = ["arrest.is_diverted or referral.arrest_id", "arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges"]
sources = ["arrest"]
records = "arrest"
filters = ["place"]
place = "where the arrest was made"
method = "Count of diverted arrests that are known not to be eligible."
version = 2
*/
SELECT
    arrest.period,
    arrest.category,
    arrest.second_category,
    known_people(arrest.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.arrest', $filters) AS arrest
WHERE arrest.is_diverted AND arrest.is_eligible IS FALSE
GROUP BY ALL;
