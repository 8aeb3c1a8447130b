/*
title = "Stops that ended in an arrest"
unit = "stops"
definition = "Stops dated in the period that ended in an arrest."
population = "Every stop in the police extract."
within = ["stops"]
caution = "A stop without the mark counts as one without an arrest."
needs = ["stop.is_arrested"]
sources = ["stop"]
records = "stop"
filters = ["place"]
place = "where the stop was made"
method = "Count of the stops marked as ending in an arrest."
*/
SELECT
    stop.period,
    stop.category,
    stop.second_category,
    known_people(stop.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.stop', $filters) AS stop
WHERE stop.is_arrested
GROUP BY ALL;
