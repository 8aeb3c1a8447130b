/*
row = "the same, where the extract tells warrants; event_on is conduct_on"
rows_from = ["program.arrest WHERE is_warrant IS NOT NULL"]
*/
CREATE TABLE program.first_referral_to_conduct AS SELECT * FROM program.first_referral WHERE FALSE;

INSERT INTO program.first_referral_to_conduct BY NAME
SELECT * REPLACE (conduct_on AS event_on)
FROM program.first_referral
WHERE EXISTS (FROM program.arrest WHERE is_warrant IS NOT NULL);
