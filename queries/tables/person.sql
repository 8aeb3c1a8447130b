/*
row = "a person whom any export mentions"
*/
CREATE TABLE program.person (
    person_key INTEGER NOT NULL UNIQUE, -- the person
    birth_date DATE, -- date of birth; 1 July where only the year is known
    sex VARCHAR, -- as recorded
    races VARCHAR[] NOT NULL CHECK (len(races) > 0), -- all groups the person named, or Unknown
    death_date DATE, -- date of death
    is_participant BOOLEAN NOT NULL, -- has a referral or an enrollment
    is_unlinked BOOLEAN NOT NULL -- numbered by a source in its own way, and nobody has said who it is
);

INSERT INTO program.person BY NAME
WITH mentioned AS (
    SELECT person_key FROM export.person
    UNION
    SELECT person_key FROM export.referral
    UNION
    SELECT person_key FROM export.enrollment
    UNION
    SELECT person_key FROM export.contact
    UNION
    SELECT person_key FROM export.arrest
    UNION
    SELECT person_key FROM export.stop
    UNION
    SELECT person_key FROM export.jail_stay
    UNION
    SELECT person_key FROM export.living_situation
    UNION
    SELECT person_key FROM export.housing
)
SELECT
    mentioned.person_key,
    coalesce(person.birth_date, make_date(person.birth_year, 7, 1)) AS birth_date,
    person.sex,
    known_races(person.race, NULL) AS races,
    -- Housing exports know some deaths as a destination.
    coalesce(
        person.death_date,
        (
            SELECT min(housing.exited_on)
            FROM export.housing
            INNER JOIN codes.housing AS hud ON housing.destination = hud.code AND hud.kind = 'died'
            WHERE housing.person_key = mentioned.person_key
        )
    ) AS death_date,
    EXISTS (FROM export.referral WHERE referral.person_key = mentioned.person_key)
    OR EXISTS (FROM export.enrollment WHERE enrollment.person_key = mentioned.person_key) AS is_participant,
    -- Numbered by a source in its own way, and nobody has said who it is.
    mentioned.person_key IN (SELECT person_key FROM export.unlinked) AS is_unlinked
FROM mentioned
LEFT JOIN export.person ON mentioned.person_key = person.person_key
WHERE mentioned.person_key IS NOT NULL
ORDER BY mentioned.person_key;
