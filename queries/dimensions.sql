-- What every counted row is filtered by and broken down by is spelled here, for all tables. The build alone
-- needs it: neither type nor macro is in the database file.

CREATE TYPE dimensions AS STRUCT(
    place VARCHAR,
    pathway VARCHAR,
    race VARCHAR,
    races VARCHAR[],
    sex VARCHAR,
    age_band VARCHAR,
    charge_class VARCHAR,
    source_agency VARCHAR,
    destination VARCHAR
);

-- Where a person lives, in the order of how stable that is.
CREATE TYPE housing_stability AS ENUM('homeless or in jail', 'temporary', 'permanent');

-- Whether the cell of a column held something that nobody could read: not known, rather than none yet.
CREATE OR REPLACE TEMP MACRO is_unread(unread, column_name) AS
coalesce(list_contains(unread, column_name), FALSE);

-- An end that cannot be read: of such a time only its first day is known.
CREATE OR REPLACE TEMP MACRO known_end(ended_on, unread, column_name, first_day) AS
CASE WHEN is_unread(unread, column_name) THEN first_day ELSE ended_on END;

CREATE OR REPLACE TEMP MACRO age_band(birth_date, day) AS
CASE
    WHEN birth_date IS NULL OR birth_date > day THEN 'Unknown'
    ELSE list_filter(
        (SELECT list(struct_pack(from_age, label) ORDER BY from_age) FROM codes.age_band),
        LAMBDA band: band.from_age <= date_sub('year', birth_date, day)
    )[-1].label
END;

CREATE OR REPLACE TEMP MACRO known_races(first_choice, second_choice) AS
CASE
    WHEN len(first_choice) > 0 THEN first_choice
    WHEN len(second_choice) > 0 THEN second_choice
    ELSE ['Unknown']
END;

-- races: what known_races gives. The other arguments may be NULL: not known.
CREATE OR REPLACE TEMP MACRO make_traits(
    place, pathway, races, sex, age_band, charge_class, source_agency, destination
) AS
struct_pack(
    place := coalesce(place, 'Unknown'),
    pathway := coalesce(pathway, 'unknown'),
    race := CASE WHEN len(races) > 1 THEN 'Two or more' ELSE races[1] END,
    -- Where a source says only that several apply, nobody knows which.
    races := coalesce(
        nullif(list_filter(races, LAMBDA race: race <> 'Two or more'), []), ['Unknown']
    ),
    sex := coalesce(sex, 'Unknown'),
    age_band := age_band,
    charge_class := coalesce(charge_class, 'Unknown'),
    source_agency := coalesce(source_agency, 'Unknown'),
    destination := coalesce(destination::VARCHAR, 'Unknown')
);
