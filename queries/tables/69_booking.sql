-- One row = a time that somebody was taken into custody; who was inside before the records begin was
-- booked nobody knows when.
CREATE TABLE program.booking AS
SELECT
    person_key,
    counted_on
FROM program.custody_episode
WHERE NOT is_already_inside
ORDER BY counted_on, person_key;
