/*
row = "a person whom any export mentions"
unique = "person_key"
*/
CREATE TABLE program.person (
    person_key INTEGER NOT NULL, -- the person
    birth_date DATE, -- date of birth; 1 July where only the year is known
    sex VARCHAR, -- as recorded
    gender VARCHAR, -- as recorded
    races VARCHAR[] NOT NULL CHECK (len(races) > 0), -- all groups the person named, or Unknown
    death_date DATE, -- date of death
    is_participant BOOLEAN NOT NULL, -- has a referral or an enrollment
    is_counted BOOLEAN NOT NULL, -- in figures of housing: participants; without LEAD data, everybody
    is_unlinked BOOLEAN NOT NULL -- numbered by a source in its own way, and nobody has said who it is
);

INSERT INTO program.person BY NAME
SELECT
    mentioned.person_key,
    coalesce(person.birth_date, make_date(person.birth_year, 7, 1)) AS birth_date,
    person.sex,
    person.gender,
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
    mentioned.is_participant,
    mentioned.is_participant OR NOT bool_or(mentioned.is_participant) OVER () AS is_counted,
    mentioned.is_unlinked
FROM export.mentioned
LEFT JOIN export.person ON mentioned.person_key = person.person_key
ORDER BY mentioned.person_key;
