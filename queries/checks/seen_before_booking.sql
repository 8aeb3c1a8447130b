/*
code = "LD-326"
severity = "note"
title = "On the roster before the booking"
expected = "a booking on the day of the roster or earlier"
fix = "Ask the jail at what hour the list is made. The stay counts from its booking on."
topic = "Impossible or unlikely"
shows = "nothing"
*/
SELECT
    'jail_roster' AS table_name,
    'booked_at' AS column_name,
    file_number,
    row_number,
    strftime(booked_at, '%Y-%m-%d') AS cell
FROM accepted.jail_roster
WHERE booked_at::DATE > seen_on;
