-- What the program's own list of people leaves empty is taken from the linked HMIS record.
WITH told AS (
    SELECT
        person_id,
        -- Two records of one person may differ: the smaller value, since any rule is as good.
        min(race) FILTER (WHERE len(race) > 0) AS race,
        min(birth_date) AS birth_date,
        min(sex) AS sex,
        min(gender) AS gender
    FROM candidate.person
    WHERE is_hmis
    GROUP BY person_id
)

SELECT
    line.* REPLACE (
        CASE WHEN len(line.race) > 0 THEN line.race ELSE coalesce(told.race, line.race) END AS race,
        CASE WHEN line.birth_year IS NULL THEN coalesce(line.birth_date, told.birth_date) ELSE line.birth_date END
            AS birth_date,
        coalesce(line.sex, told.sex) AS sex,
        coalesce(line.gender, told.gender) AS gender
    ),
    NOT line.is_hmis AND (
        (len(line.race) > 0) IS NOT TRUE AND told.race IS NOT NULL
        OR line.birth_year IS NULL AND line.birth_date IS NULL AND told.birth_date IS NOT NULL
        OR line.sex IS NULL AND told.sex IS NOT NULL
        OR line.gender IS NULL AND told.gender IS NOT NULL
    ) AS is_filled
FROM line
LEFT JOIN told ON line.person_id = told.person_id
