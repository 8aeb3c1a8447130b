/*
row = "a referral as a diversion, followed from its day to its result"
rows_from = ["program.referral"]
unique = "referral_key"
*/
CREATE TABLE program.diversion_course (
    referral_key INTEGER NOT NULL, -- the referral
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- day of the referral
    event_on DATE, -- day the diversion ended, graduated or failed
    competing_on DATE, -- died before
    censored_on DATE, -- ended, and nobody can say how or when: out of sight at once
    result VARCHAR NOT NULL, -- the result in words
    dimensions dimensions NOT NULL -- on the day of the referral
);

INSERT INTO program.diversion_course BY NAME
SELECT
    referral.referral_key,
    referral.person_key,
    referral.event_date,
    CASE WHEN NOT referral.is_end_unknown THEN referral.diversion_ended_on END AS event_on,
    person.death_date AS competing_on,
    CASE
        WHEN
            referral.is_end_unknown
            OR referral.diversion_result IS NOT NULL AND referral.diversion_ended_on IS NULL
            THEN referral.event_date
    END AS censored_on,
    CASE
        WHEN referral.diversion_result = 'graduated' THEN 'Graduated'
        WHEN referral.diversion_result = 'failed' THEN 'Failed'
        WHEN referral.is_end_unknown THEN 'Ended, result unknown'
        ELSE 'Open, or no result recorded'
    END AS result,
    referral.dimensions
FROM program.referral
INNER JOIN program.person ON referral.person_key = person.person_key
ORDER BY event_date, referral_key;
