/*
row = "a diverted arrest of somebody known, and whether the charge was filed after all"
rows_from = ["program.diversion", "program.legal_case"]
unique = "arrest_key"
*/
CREATE TABLE program.diversion_filing (
    arrest_key INTEGER NOT NULL, -- the arrest
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- day of the arrest
    filed_on DATE, -- day the charge was filed
    dimensions dimensions NOT NULL -- dimensions, on the day of the arrest
);

INSERT INTO program.diversion_filing BY NAME
-- By its arrest, else by the person and the day of the offense.
WITH charge AS (
    SELECT
        diversion.arrest_key,
        diversion.event_date,
        legal.filed_on
    FROM program.diversion
    INNER JOIN program.legal_case AS legal ON diversion.arrest_key = legal.arrest_key
    UNION ALL
    SELECT
        diversion.arrest_key,
        diversion.event_date,
        legal.filed_on
    FROM program.diversion
    INNER JOIN program.legal_case AS legal
        ON diversion.person_key = legal.person_key AND diversion.event_date = legal.event_date
    WHERE legal.arrest_key IS NULL
),

filed AS (
    SELECT
        arrest_key,
        min(filed_on) AS filed_on
    FROM charge
    WHERE filed_on >= event_date
    GROUP BY arrest_key
)

SELECT
    diversion.arrest_key,
    diversion.person_key,
    diversion.event_date,
    filed.filed_on,
    diversion.dimensions
FROM program.diversion
LEFT JOIN filed ON diversion.arrest_key = filed.arrest_key
WHERE diversion.person_key IS NOT NULL AND EXISTS (FROM program.legal_case)
ORDER BY event_date, diversion.arrest_key;
