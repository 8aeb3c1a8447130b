/*
row = "a person of one of two groups to set side by side, with the day that parts two years"
rows_from = ["program.jail_index", "program.arrest"]
*/
-- People referred, and people arrested for a charge that could have been diverted, since LEAD began, and
-- not diverted. The latter are followed from their first such arrest whatever comes, a later referral too:
-- to drop those whom things led to LEAD would choose people by what happened afterwards.
CREATE TABLE program.compared (
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- the day
    death_date DATE, -- date of death
    is_referred BOOLEAN NOT NULL, -- referred to LEAD
    dimensions dimensions NOT NULL -- those of the referral or arrest
);

INSERT INTO program.compared BY NAME
SELECT
    person_key,
    event_date,
    death_date,
    TRUE AS is_referred,
    dimensions
FROM program.jail_index
UNION ALL
SELECT
    arrest.person_key,
    min(arrest.event_date),
    any_value(person.death_date),
    FALSE,
    arg_min(arrest.dimensions, (arrest.event_date, arrest.arrest_key))
FROM program.arrest
INNER JOIN program.person ON arrest.person_key = person.person_key
LEFT JOIN program.first_referral ON arrest.person_key = first_referral.person_key
WHERE
    arrest.is_eligible
    AND arrest.is_diverted IS NOT TRUE
    AND arrest.event_date >= (SELECT min(event_date) FROM program.referral)
    -- Whoever was in LEAD by then belongs to the other group.
    AND (first_referral.event_date IS NULL OR arrest.event_date < first_referral.event_date)
GROUP BY arrest.person_key
ORDER BY event_date, person_key, is_referred;
