/*
row = "a stop of a person by police"
rows_from = ["export.stop"]
unique = "stop_key"
*/
CREATE TABLE program.stop (
    stop_key INTEGER NOT NULL, -- the stop
    person_key INTEGER, -- the person; NULL: nobody known
    event_date DATE NOT NULL, -- day of the stop
    stopped_on DATE NOT NULL, -- the same
    is_arrested BOOLEAN, -- it ended in an arrest; NULL: the mark cannot be read
    dimensions dimensions NOT NULL -- on the day of the stop
);

INSERT INTO program.stop BY NAME
SELECT
    stop.stop_key,
    stop.person_key,
    stop.stopped_at::DATE AS event_date,
    stop.stopped_at::DATE AS stopped_on,
    CASE
        WHEN NOT is_unread(stop.unread, 'is_arrested') THEN coalesce(stop.is_arrested, FALSE)
    END AS is_arrested,
    make_dimensions(
        person,
        stop.stopped_at::DATE,
        place := stop.neighborhood,
        races := stop.race,
        age := stop.age
    ) AS dimensions
FROM export.stop
LEFT JOIN program.person ON stop.person_key = person.person_key
ORDER BY event_date, stop_key;
