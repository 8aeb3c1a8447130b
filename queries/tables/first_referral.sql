/*
row = "a person followed from the first referral on"
rows_from = ["program.referral"]
unique = "person_key"
*/
-- Arrests after the day of the referral, but on warrants from before. An arrest that is not said to be on
-- a warrant is for new conduct, if the extract says so of any.
CREATE TABLE program.first_referral (
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- day of the first referral
    dimensions dimensions NOT NULL, -- those of the referral
    event_on DATE CHECK (event_on > event_date), -- first arrest after that day
    conduct_on DATE, -- first of them for new conduct
    warrant_on DATE, -- first of them on a warrant
    competing_on DATE, -- died
    censored_on DATE -- never: arrests are seen to the end of the data
);

INSERT INTO program.first_referral BY NAME
WITH first_one AS (
    SELECT
        person_key,
        arg_min(referral, (referral.event_date, referral.referral_key)) AS referral
    FROM program.referral
    GROUP BY person_key
)

SELECT
    first_one.person_key,
    first_one.referral.event_date AS event_date,
    first_one.referral.dimensions AS dimensions,
    min(arrest.event_date) AS event_on,
    min(arrest.event_date) FILTER (WHERE arrest.is_warrant IS NOT TRUE) AS conduct_on,
    min(arrest.event_date) FILTER (WHERE arrest.is_warrant) AS warrant_on,
    CASE WHEN person.death_date >= first_one.referral.event_date THEN person.death_date END AS competing_on,
    NULL::DATE AS censored_on
FROM first_one
INNER JOIN program.person ON first_one.person_key = person.person_key
LEFT JOIN program.arrest
    ON
        first_one.person_key = arrest.person_key
        AND first_one.referral.event_date < arrest.event_date
        AND arrest.is_prior_warrant IS NOT TRUE
GROUP BY ALL
ORDER BY event_date, first_one.person_key;
