-- What every counted row is filtered by and broken down by is spelled here, once for all tables. The build alone
-- needs it: neither type nor macro is in the database file. A breakdown is the field of its name.
--
-- Whatever a field may say: a number for each word is written, sorted and read in a third of the time of the words.
CREATE TYPE category AS ENUM (SELECT unnest($categories) AS name ORDER BY name);

CREATE TYPE dimensions AS STRUCT(
    neighborhood category,
    pathway category,
    race category,
    races category[],
    sex category,
    gender category,
    age_band category,
    charge_class category,
    source_agency category,
    destination category,
    closed_reason category,
    exit_reason category,
    need category,
    contact_kind category,
    agency category,
    hour_band category,
    offense_timing category
);

-- Full years on a day, of somebody born by then.
CREATE OR REPLACE TEMP MACRO age_on(birth_date, day) AS
CASE WHEN birth_date <= day THEN date_sub('year', birth_date, day) END;

-- The bands of all ages, from 0 to 130 full years: to look through the bands for each row takes longer.
SET VARIABLE bands = (
    SELECT list(band.label ORDER BY years)
    FROM range(131) AS lived (years)
    ASOF INNER JOIN codes.age_band AS band ON years >= band.from_age
);

-- The band of an age in full years.
CREATE OR REPLACE TEMP MACRO age_band(age) AS
CASE WHEN age IS NULL THEN 'Unknown' ELSE getvariable('bands')[least(age, 130) + 1] END;

-- The groups of the first of two sources that names any.
CREATE OR REPLACE TEMP MACRO known_races(first_choice, second_choice) AS
CASE
    WHEN len(first_choice) > 0 THEN first_choice
    WHEN len(second_choice) > 0 THEN second_choice
    ELSE ['Unknown']
END;

-- Everybody in one group.
CREATE OR REPLACE TEMP MACRO one_race(races) AS
CASE WHEN len(races) > 1 THEN 'Two or more' ELSE races[1] END;

-- Where a source says only that several apply, nobody knows which.
CREATE OR REPLACE TEMP MACRO all_races(races) AS
CASE
    WHEN list_contains(races, 'Two or more')
        THEN coalesce(nullif(list_filter(races, LAMBDA race: race <> 'Two or more'), []), ['Unknown'])
    ELSE races
END;

-- A choice of an export column as the category of a breakdown.
CREATE OR REPLACE TEMP MACRO label(choice) AS upper(choice[1]) || choice[2:];

-- The part of the day. Exports without a time of day write midnight, so that nothing can be told of it.
CREATE OR REPLACE TEMP MACRO hour_band(moment) AS
CASE
    WHEN moment::TIME <> TIME '00:00'
        THEN
            ['Midnight to 6 am', '6 am to noon', 'Noon to 6 pm', '6 pm to midnight'][
                (hour(moment) // 6)::INTEGER + 1
            ]
END;

-- person: a row of program.person, or NULL where nobody is known. What a record says itself of race and sex wins
-- over what is known of the person.
CREATE OR REPLACE TEMP MACRO make_dimensions(
    person,
    day,
    place := NULL,
    pathway := NULL,
    races := NULL,
    sex := NULL,
    charge_class := NULL,
    source_agency := NULL,
    destination := NULL,
    age := NULL,
    closed_reason := NULL,
    exit_reason := NULL,
    need := NULL,
    contact_kind := NULL,
    agency := NULL,
    hour_band := NULL,
    offense_timing := NULL
) AS
struct_pack(
    neighborhood := coalesce(place, 'Unknown')::category,
    pathway := coalesce(pathway, 'unknown')::category,
    race := one_race(known_races(races, (person)['races']))::category,
    races := all_races(known_races(races, (person)['races']))::category[],
    sex := coalesce(sex, (person)['sex'], 'Unknown')::category,
    gender := coalesce((person)['gender'], 'Unknown')::category,
    -- A date of birth is surer than an age that somebody wrote down.
    age_band := age_band(coalesce(age_on((person)['birth_date'], day::DATE), age))::category,
    charge_class := coalesce(charge_class, 'Unknown')::category,
    source_agency := coalesce(source_agency, 'Unknown')::category,
    destination := coalesce(destination::VARCHAR, 'Unknown')::category,
    closed_reason := coalesce(label(closed_reason), 'Unknown')::category,
    exit_reason := coalesce(label(exit_reason), 'Unknown')::category,
    need := coalesce(label(need), 'Unknown')::category,
    contact_kind := coalesce(label(contact_kind), 'Unknown')::category,
    agency := coalesce(agency, 'Unknown')::category,
    hour_band := coalesce(hour_band, 'Unknown')::category,
    offense_timing := coalesce(offense_timing, 'Unknown')::category
);
