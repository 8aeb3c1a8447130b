/*
row = "a referral"
rows_from = ["export.referral"]
unique = "referral_key"
*/
CREATE TABLE program.referral (
    referral_key INTEGER NOT NULL, -- the referral
    person_key INTEGER, -- the person; NULL: nobody known
    arrest_key INTEGER, -- the arrest that was diverted
    event_date DATE NOT NULL, -- day of the referral
    screening VARCHAR, -- result of the screening
    approved_on DATE, -- day of approval
    roi_signed_on DATE, -- day the release of information was signed
    intake_on DATE, -- day the intake was completed
    closed_on DATE, -- day it was closed without intake
    diversion_result VARCHAR, -- graduated or failed; NULL: open, or nobody says
    diversion_ended_on DATE, -- day the diversion ended
    is_end_unknown BOOLEAN NOT NULL, -- the diversion ended, and its result or its day cannot be read
    is_unresolved BOOLEAN NOT NULL, -- done or closed on a day that nobody can read
    is_already_enrolled BOOLEAN NOT NULL, -- the person was in LEAD on that day
    dimensions dimensions NOT NULL -- on the day of the referral
);

INSERT INTO program.referral BY NAME
SELECT
    referral.referral_key,
    referral.person_key,
    referral.arrest_key,
    referral.referred_on AS event_date,
    referral.screening,
    referral.approved_on,
    referral.roi_signed_on,
    referral.intake_completed_on AS intake_on,
    referral.closed_on,
    nullif(referral.diversion_result, 'open') AS diversion_result,
    CASE WHEN coalesce(referral.diversion_result, '') <> 'open' THEN referral.diversion_ended_on END
        AS diversion_ended_on,
    is_unread(referral.unread, 'diversion_result')
    OR is_unread(referral.unread, 'diversion_ended_on')
    OR referral.diversion_ended_on IS NOT NULL AND referral.diversion_result IS NULL AS is_end_unknown,
    -- Done or closed on a day that nobody can read: neither waiting nor known to be over when.
    referral.intake_completed_on IS NULL
    AND (
        is_unread(referral.unread, 'intake_completed_on')
        OR referral.closed_on IS NULL AND is_unread(referral.unread, 'closed_on')
    ) AS is_unresolved,
    EXISTS (
        FROM export.enrollment
        WHERE
            enrollment.person_key = referral.person_key
            AND enrollment.started_on < referral.referred_on
            AND (
                enrollment.exited_on > referral.referred_on
                OR (enrollment.exited_on IS NULL AND NOT is_unread(enrollment.unread, 'exited_on'))
            )
    ) AS is_already_enrolled,
    make_dimensions(
        person,
        referral.referred_on,
        place := referral.neighborhood,
        pathway := referral.pathway,
        charge_class := referral.charge_class,
        source_agency := referral.source_agency,
        age := referral.age,
        -- A death before the closing is the reason; else what was written, else what the screening found.
        closed_reason := CASE
            WHEN person.death_date < coalesce(referral.closed_on, DATE '9999-12-31') THEN 'died'
            WHEN referral.closed_reason IS NOT NULL THEN referral.closed_reason
            WHEN referral.screening = 'ineligible' THEN 'not eligible'
            WHEN referral.screening = 'declined' THEN 'declined'
        END
    ) AS dimensions
FROM export.referral
LEFT JOIN program.person ON referral.person_key = person.person_key
ORDER BY event_date, referral_key;
