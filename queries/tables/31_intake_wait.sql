-- One row = a referral that waits for intake, followed from its day. Somebody already enrolled has
-- had an intake, and is left out.
CREATE TABLE program.intake_wait AS
SELECT
    referral.referral_key,
    referral.person_key,
    referral.counted_on,
    referral.intake_on AS event_on,
    -- Closed or died before intake. least() passes over a NULL, as wanted here.
    least(referral.closed_on, person.death_date) AS competing_on,
    NULL::DATE AS censored_on,
    referral.traits
FROM program.referral
INNER JOIN program.person ON referral.person_key = person.person_key
WHERE NOT referral.is_already_enrolled
ORDER BY counted_on, referral_key;
