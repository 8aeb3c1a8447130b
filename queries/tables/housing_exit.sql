/*
row = "an exit from a housing or shelter project, and in which of HUD's measures it stands"
rows_from = ["program.housing"]
unique = "housing_key"
*/
-- 2: from outreach, shelter, Safe Haven, transitional or permanent housing; 7a: from outreach; 7b: from shelter,
-- Safe Haven, transitional housing, rapid re-housing, and other permanent housing that nobody moved into.
-- Coordinated entry and services alone stand in none; a source without project types, where nobody can tell,
-- stands in all.
-- A return is an entry into outreach, shelter, Safe Haven or transitional housing, or into permanent housing more
-- than 14 days after the exit, unless the person was in another permanent housing project by then: from its second
-- day to 14 days after its end, moving house is no return.
CREATE TABLE program.housing_exit (
    housing_key BIGINT NOT NULL, -- the time that ended
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- day of exit
    entered_on DATE NOT NULL, -- day of entry
    destination BIGINT, -- HUD destination
    is_permanent BOOLEAN NOT NULL, -- to permanent housing
    is_unknown BOOLEAN NOT NULL, -- nobody knows where to
    is_in_measure_2 BOOLEAN NOT NULL, -- stands in HUD's measure 2
    measure_7a VARCHAR, -- positive, negative or left out in HUD's measure 7a; NULL: stands not in it
    measure_7b VARCHAR, -- the same of measure 7b
    event_on DATE CHECK (event_on >= event_date), -- the first return
    competing_on DATE, -- never
    censored_on DATE, -- never: returns are seen to the end of the data
    dimensions dimensions NOT NULL -- on the day of exit, with the destination
);

INSERT INTO program.housing_exit BY NAME
SELECT
    housing.housing_key,
    housing.person_key,
    housing.exited_on AS event_date,
    housing.entered_on,
    housing.destination,
    housing.is_permanent,
    coalesce(housing.destination_kind = 'unknown', housing.destination IS NULL) AS is_unknown,
    housing.project_type IS NULL OR coalesce(housing.project_kind <> 'services', FALSE) AS is_in_measure_2,
    CASE
        WHEN housing.project_type IS NULL OR housing.project_kind = 'outreach'
            THEN coalesce(destination.measure_7a, 'negative')
    END AS measure_7a,
    CASE
        WHEN
            housing.project_type IS NULL
            OR housing.project_kind IN ('shelter', 'transitional', 'rapid re-housing')
            OR (housing.project_kind = 'permanent' AND housing.moved_in_on IS NULL)
            THEN coalesce(destination.measure_7b, 'negative')
    END AS measure_7b,
    (
        SELECT min(later.entered_on)
        FROM program.housing AS later
        WHERE
            later.person_key = housing.person_key
            AND later.housing_key <> housing.housing_key
            AND later.entered_on >= housing.exited_on
            AND (
                later.project_kind IN ('shelter', 'transitional', 'outreach')
                OR (
                    later.project_kind IN ('permanent', 'rapid re-housing')
                    AND later.entered_on > housing.exited_on + 14
                    AND NOT EXISTS (
                        FROM program.housing AS home
                        WHERE
                            home.person_key = later.person_key
                            AND home.housing_key <> later.housing_key
                            AND home.project_kind IN ('permanent', 'rapid re-housing')
                            AND home.entered_on < later.entered_on
                            AND (home.exited_on IS NULL OR later.entered_on <= home.exited_on + 14)
                    )
                )
            )
    ) AS event_on,
    NULL::DATE AS competing_on,
    NULL::DATE AS censored_on,
    make_dimensions(
        person,
        housing.exited_on,
        place := whereabouts.place,
        pathway := whereabouts.pathway,
        destination := housing.destination
    ) AS dimensions
FROM program.housing
INNER JOIN program.person ON housing.person_key = person.person_key
LEFT JOIN codes.housing AS destination ON housing.destination = destination.code
ASOF LEFT JOIN program.whereabouts
    ON housing.person_key = whereabouts.person_key AND housing.exited_on >= whereabouts.from_day
WHERE housing.exited_on IS NOT NULL AND housing.is_end_known
ORDER BY event_date, housing.housing_key;
