/*
row = "a diversion that ended, on the day it did"
rows_from = ["program.referral WHERE diversion_ended_on IS NOT NULL"]
unique = "referral_key"
*/
CREATE TABLE program.diversion_end (
    referral_key INTEGER NOT NULL, -- the referral
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- day the diversion ended
    is_graduated BOOLEAN NOT NULL, -- it was completed
    dimensions dimensions NOT NULL -- on the day of the referral
);

INSERT INTO program.diversion_end BY NAME
SELECT
    referral_key,
    person_key,
    diversion_ended_on AS event_date,
    diversion_result = 'graduated' AS is_graduated,
    dimensions
FROM program.referral
WHERE diversion_ended_on IS NOT NULL AND diversion_result IS NOT NULL AND NOT is_end_unknown
ORDER BY event_date, referral_key;
