/*
row = "a person's first episode, followed until the first contact"
rows_from = ["program.engagement"]
unique = "person_key"
*/
CREATE TABLE program.contact_wait (
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- first day in LEAD
    event_on DATE, -- first contact from that day on
    competing_on DATE, -- left the program, or died
    censored_on DATE, -- left on a day that nobody can read
    dimensions dimensions NOT NULL -- dimensions, on the first day
);

INSERT INTO program.contact_wait BY NAME
SELECT
    person_key,
    event_date,
    first_contact_on AS event_on,
    competing_on,
    censored_on,
    dimensions
FROM program.engagement
ORDER BY event_date, person_key;
