/*
title = "Stops"
unit = "stops"
definition = "Stops of people by police, dated in the period."
population = "Every stop in the police extract."
caution = "Measures what police do and record, not how people behave."
sources = ["stop"]
records = "stop"
filters = ["place"]
place = "where the stop was made"
method = "Count of stops by local date."
*/
SELECT
    stop.period,
    stop.category,
    stop.second_category,
    known_people(stop.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.stop', $filters) AS stop
GROUP BY ALL;
