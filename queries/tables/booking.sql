/*
row = "a time that somebody was taken into custody"
rows_from = ["program.custody_episode"]
*/
-- Who was inside before the records begin was booked nobody knows when.
CREATE TABLE program.booking (
    person_key INTEGER, -- the person; NULL: nobody known
    event_date DATE NOT NULL -- day of the booking
);

INSERT INTO program.booking BY NAME
SELECT
    person_key,
    event_date
FROM program.custody_episode
WHERE NOT is_already_inside
ORDER BY event_date, person_key;
