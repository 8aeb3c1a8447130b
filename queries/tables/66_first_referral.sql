-- One row = a person followed from the first referral on. event_on: the first arrest after that day,
-- not counting arrests on warrants from before.
CREATE TABLE program.first_referral AS
WITH first_one AS (
    SELECT
        person_key,
        arg_min(referral, (referral.counted_on, referral.referral_key)) AS referral
    FROM program.referral
    GROUP BY person_key
)

SELECT
    first_one.person_key,
    first_one.referral.counted_on AS counted_on,
    first_one.referral.traits AS traits,
    (
        SELECT min(arrest.counted_on)
        FROM program.arrest
        WHERE
            arrest.person_key = first_one.person_key
            AND arrest.counted_on > first_one.referral.counted_on
            AND arrest.is_prior_warrant IS NOT TRUE
    ) AS event_on,
    CASE WHEN person.death_date >= first_one.referral.counted_on THEN person.death_date END AS competing_on,
    NULL::DATE AS censored_on
FROM first_one
INNER JOIN program.person ON first_one.person_key = person.person_key
ORDER BY counted_on, first_one.person_key;
