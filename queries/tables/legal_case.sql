/*
row = "a case of a person at the prosecutor or the court"
rows_from = ["export.legal_case"]
unique = "case_key"
*/
CREATE TABLE program.legal_case (
    case_key INTEGER NOT NULL, -- the case
    person_key INTEGER, -- the person; NULL: nobody known
    arrest_key INTEGER, -- the arrest behind it
    event_date DATE NOT NULL, -- day of the offense
    filed_on DATE, -- day the charge was filed
    declined_on DATE, -- day the prosecutor declined it
    dismissed_on DATE, -- day it was dismissed
    warrant_issued_on DATE, -- day a warrant was issued in it
    warrant_cleared_on DATE, -- day that warrant was cleared, or its case dismissed
    is_warrant_end_known BOOLEAN NOT NULL, -- otherwise it was cleared on a day that nobody can read
    outcome VARCHAR, -- how it ended
    is_in_lead BOOLEAN NOT NULL, -- of somebody who has been in LEAD at some time
    dimensions dimensions NOT NULL -- dimensions, on the day of the offense
);

INSERT INTO program.legal_case BY NAME
SELECT
    legal.case_key,
    legal.person_key,
    legal.arrest_key,
    legal.offense_on AS event_date,
    legal.filed_on,
    legal.declined_on,
    legal.dismissed_on,
    legal.warrant_issued_on,
    -- A dismissal leaves no warrant behind, and clears none where there was none. least() passes over a NULL,
    -- as wanted here.
    least(
        legal.warrant_cleared_on,
        CASE
            WHEN legal.dismissed_on IS NOT NULL AND legal.warrant_issued_on IS NOT NULL
                THEN greatest(legal.dismissed_on, legal.warrant_issued_on)
        END
    ) AS warrant_cleared_on,
    NOT is_unread(legal.unread, 'warrant_cleared_on') AS is_warrant_end_known,
    legal.outcome,
    episode.started_on IS NOT NULL AS is_in_lead,
    make_dimensions(
        person,
        legal.offense_on,
        place := whereabouts.place,
        pathway := whereabouts.pathway,
        charge_class := legal.charge_class,
        -- The offense that brought somebody to LEAD lies before it.
        offense_timing := CASE
            WHEN legal.offense_on < episode.started_on THEN 'Before LEAD'
            WHEN episode.started_on IS NOT NULL THEN 'Since LEAD began'
        END
    ) AS dimensions
FROM export.legal_case AS legal
LEFT JOIN program.person ON legal.person_key = person.person_key
LEFT JOIN program.episode ON legal.person_key = episode.person_key AND episode.episode = 1
ASOF LEFT JOIN program.whereabouts
    ON legal.person_key = whereabouts.person_key AND legal.offense_on >= whereabouts.from_day
ORDER BY event_date, case_key;
