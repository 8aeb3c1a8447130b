/*
row = "an arrest of one person in one incident"
rows_from = ["export.arrest"]
unique = "arrest_key"
*/
CREATE TABLE program.arrest (
    arrest_key INTEGER NOT NULL, -- the arrest
    person_key INTEGER, -- the person; NULL: nobody known
    event_date DATE NOT NULL, -- day of the arrest
    arrested_on DATE NOT NULL, -- the same
    arrested_at TIMESTAMP NOT NULL, -- when, local time
    is_eligible BOOLEAN, -- an adult, for a charge that may be diverted that day; NULL: nothing in the exports says so
    is_ever_eligible BOOLEAN, -- the same, had the list of charges of all days been in force
    is_diverted BOOLEAN, -- handed to LEAD at the arrest; NULL: nothing in the exports says so
    is_booked BOOLEAN, -- booked into jail
    is_prior_warrant BOOLEAN, -- on a warrant issued before
    is_warrant BOOLEAN, -- on a warrant alone
    dimensions dimensions NOT NULL -- on the day of the arrest
);

INSERT INTO program.arrest BY NAME
WITH described AS (
    SELECT
        arrest.*,
        arrest.arrested_at::DATE AS arrested_on,
        -- The list wins over the flag of the extract. Several charges have been judged together on the way in.
        arrest.charge_class IS NOT NULL
        AND NOT is_unread(arrest.unread, 'charge_class')
        AND EXISTS (FROM program.eligible_charge) AS is_by_list,
        make_dimensions(
            person,
            arrest.arrested_at::DATE,
            place := arrest.neighborhood,
            races := arrest.race,
            charge_class := arrest.charge_class,
            age := arrest.age,
            agency := arrest.agency,
            hour_band := hour_band(arrest.arrested_at)
        ) AS dimensions
    FROM export.arrest
    LEFT JOIN program.person ON arrest.person_key = person.person_key
)

SELECT
    arrest.arrest_key,
    arrest.person_key,
    arrest.arrested_on AS event_date,
    arrest.arrested_on,
    arrest.arrested_at,
    -- The list of divertible charges is one for adults.
    arrest.dimensions.age_band <> 'Under 18'
    AND CASE
        WHEN arrest.is_by_list
            THEN EXISTS (
                FROM program.eligible_charge AS listed
                WHERE
                    listed.charge_class = arrest.charge_class
                    AND listed.first_day <= arrest.arrested_on
                    AND (listed.last_day IS NULL OR listed.last_day >= arrest.arrested_on)
            )
        ELSE arrest.is_charge_eligible
    END AS is_eligible,
    arrest.dimensions.age_band <> 'Under 18'
    AND CASE
        WHEN arrest.is_by_list THEN arrest.charge_class IN (SELECT charge_class FROM program.eligible_charge)
        ELSE arrest.is_charge_eligible
    END AS is_ever_eligible,
    CASE
        WHEN arrest.is_diverted IS NOT NULL THEN arrest.is_diverted
        WHEN is_unread(arrest.unread, 'is_diverted') THEN NULL
        WHEN
            EXISTS (FROM export.arrest AS flagged WHERE flagged.is_diverted IS NOT NULL)
            OR EXISTS (FROM export.referral AS linked WHERE linked.arrest_key IS NOT NULL)
            THEN EXISTS (
                FROM export.referral
                WHERE
                    referral.arrest_key = arrest.arrest_key
                    AND referral.pathway = 'arrest_diversion'
            )
    END AS is_diverted,
    arrest.is_booked,
    arrest.is_prior_warrant,
    arrest.is_warrant,
    arrest.dimensions
FROM described AS arrest
ORDER BY event_date, arrest_key;
