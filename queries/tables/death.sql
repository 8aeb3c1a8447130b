/*
row = "a death of somebody whom LEAD knew"
rows_from = ["program.person WHERE death_date IS NOT NULL"]
unique = "person_key"
*/
CREATE TABLE program.death (
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- day of death
    since VARCHAR NOT NULL, -- how far the person had come: a category of people_who_died_by_time
    dimensions dimensions NOT NULL -- dimensions, on the day of death
);

INSERT INTO program.death BY NAME
WITH known AS (
    SELECT person_key, referred_on AS known_on, NULL::DATE AS started_on, NULL::DATE AS exited_on
    FROM export.referral
    WHERE person_key IS NOT NULL
    UNION ALL
    SELECT person_key, started_on, started_on, exited_on FROM program.enrollment
)

SELECT
    person.person_key,
    person.death_date AS event_date,
    CASE
        -- A file is closed on the day of death, or after it.
        WHEN bool_or(known.started_on IS NOT NULL AND coalesce(known.exited_on, person.death_date) >= person.death_date)
            THEN 'Enrolled in LEAD'
        WHEN bool_or(known.started_on IS NOT NULL) THEN 'After LEAD'
        ELSE 'Referred, not yet enrolled'
    END AS since,
    make_dimensions(person, person.death_date) AS dimensions
FROM program.person
INNER JOIN known ON person.person_key = known.person_key AND known.known_on <= person.death_date
GROUP BY person.person_key, person.death_date, person
ORDER BY event_date, person.person_key;
