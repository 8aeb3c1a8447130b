/*
row = "a referral that waits for intake, followed from its day"
rows_from = ["program.referral"]
unique = "referral_key"
*/
-- Somebody already enrolled has had an intake, and is left out.
CREATE TABLE program.intake_wait (
    referral_key INTEGER NOT NULL, -- the referral
    person_key INTEGER, -- the person; NULL: nobody known
    event_date DATE NOT NULL, -- day of the referral
    event_on DATE, -- day of the intake
    competing_on DATE, -- closed, or died, before intake
    censored_on DATE, -- done or closed on a day that nobody can read: out of sight at once
    approved_on DATE, -- day of approval
    served_on DATE, -- first contact within 30 days after intake
    dimensions dimensions NOT NULL -- on the day of the referral
);

INSERT INTO program.intake_wait BY NAME
SELECT
    referral.referral_key,
    referral.person_key,
    referral.event_date,
    referral.intake_on AS event_on,
    -- Closed or died before intake. least() passes over a NULL, as wanted here.
    least(referral.closed_on, person.death_date) AS competing_on,
    CASE WHEN referral.is_unresolved THEN referral.event_date END AS censored_on,
    -- Found eligible without a date: approved from the start.
    coalesce(
        referral.approved_on, CASE WHEN referral.screening = 'eligible' THEN referral.event_date END
    ) AS approved_on,
    (
        SELECT min(contact.contacted_on)
        FROM export.contact
        WHERE
            contact.person_key = referral.person_key
            AND contact.contacted_on BETWEEN referral.intake_on AND referral.intake_on + 30
    ) AS served_on,
    referral.dimensions
FROM program.referral
LEFT JOIN program.person ON referral.person_key = person.person_key
WHERE NOT referral.is_already_enrolled
ORDER BY event_date, referral_key;
