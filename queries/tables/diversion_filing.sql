/*
row = "a diverted arrest of somebody known, and whether the charge was filed after all"
rows_from = ["program.diversion", "program.legal_case"]
*/
CREATE TABLE program.diversion_filing (
    arrest_key INTEGER NOT NULL UNIQUE, -- the arrest
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- day of the arrest
    filed_on DATE, -- day the charge was filed
    dimensions dimensions NOT NULL -- dimensions, on the day of the arrest
);

INSERT INTO program.diversion_filing BY NAME
SELECT
    diversion.arrest_key,
    diversion.person_key,
    diversion.event_date,
    (
        SELECT min(legal.filed_on)
        FROM program.legal_case AS legal
        WHERE
            legal.filed_on >= diversion.event_date
            -- By its arrest, else by the person and the day of the offense.
            AND (
                legal.arrest_key = diversion.arrest_key
                OR (
                    legal.arrest_key IS NULL
                    AND legal.person_key = diversion.person_key
                    AND legal.event_date = diversion.event_date
                )
            )
    ) AS filed_on,
    diversion.dimensions
FROM program.diversion
WHERE diversion.person_key IS NOT NULL AND EXISTS (FROM program.legal_case)
ORDER BY event_date, diversion.arrest_key;
