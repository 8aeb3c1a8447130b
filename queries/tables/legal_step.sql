/*
row = "a step in a case of somebody who has been in LEAD"
rows_from = ["program.legal_case"]
*/
CREATE TABLE program.legal_step (
    case_key INTEGER NOT NULL, -- the case
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- day of the step
    step VARCHAR NOT NULL, -- filed, declined, dismissed or warrant cleared
    dimensions dimensions NOT NULL -- dimensions, those of the case
);

INSERT INTO program.legal_step BY NAME
SELECT
    case_key,
    person_key,
    step.day AS event_date,
    step.name AS step,
    dimensions
FROM (
    SELECT
        case_key,
        person_key,
        dimensions,
        unnest([
            struct_pack(name := 'filed', day := filed_on),
            struct_pack(name := 'declined', day := declined_on),
            struct_pack(name := 'dismissed', day := dismissed_on),
            struct_pack(name := 'warrant cleared', day := warrant_cleared_on)
        ]) AS step
    FROM program.legal_case
    WHERE is_in_lead
)
WHERE step.day IS NOT NULL
ORDER BY event_date, case_key, step;
