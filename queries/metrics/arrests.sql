/*
title = "Arrests"
unit = "arrests"
definition = "Arrests dated in the period, one for each person and incident whatever the number of charges."
population = "Every arrest in the police extract."
caution = "Measures what police do and record, not how people behave: more arrests can mean more patrols."
sources = ["arrest"]
records = "arrest"
filters = ["place"]
place = "where the arrest was made"
method = "Count of arrests by local date."
*/
SELECT
    arrest.period,
    arrest.category,
    arrest.second_category,
    known_people(arrest.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.arrest', $filters) AS arrest
GROUP BY ALL;
