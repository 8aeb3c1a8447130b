/*
row = "an observation of where a person lives, of those who are counted"
rows_from = ["export.living_situation"]
*/
CREATE TABLE program.living_situation (
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- day of the observation
    observed_on DATE NOT NULL, -- the same
    code BIGINT NOT NULL, -- HUD's
    kind VARCHAR, -- homeless, jail, institution, temporary, permanent or unknown
    housing_stability housing_stability, -- the better the later; NULL: not known
    dimensions dimensions NOT NULL -- on the day of the observation
);

INSERT INTO program.living_situation BY NAME
SELECT
    situation.person_key,
    situation.observed_on AS event_date,
    situation.observed_on,
    situation.code,
    hud.kind,
    hud.stability::housing_stability AS housing_stability,
    make_dimensions(
        person,
        situation.observed_on,
        place := whereabouts.place,
        pathway := whereabouts.pathway
    ) AS dimensions
FROM export.living_situation AS situation
INNER JOIN program.person ON situation.person_key = person.person_key
LEFT JOIN codes.housing AS hud ON situation.code = hud.code
ASOF LEFT JOIN program.whereabouts
    ON situation.person_key = whereabouts.person_key AND situation.observed_on >= whereabouts.from_day
WHERE person.is_counted
ORDER BY event_date, situation.person_key, situation.code;
