-- The stations of a row: text of a file, text by canonical column, typed, accepted, without identifiers.
CREATE SCHEMA staged;
CREATE SCHEMA raw;
CREATE SCHEMA candidate;
CREATE SCHEMA accepted;
CREATE SCHEMA keys;
CREATE SCHEMA export;
-- Beside the stations: lists of codes, from leadstats/model/codes.py.
CREATE SCHEMA codes;

CREATE TABLE candidate.dropped (
    table_name VARCHAR,
    file_number INTEGER,
    row_number BIGINT,
    fate VARCHAR
);

-- The site's list of charges that may be diverted, its order of charge classes from the gravest on, and the numbers
-- that were given to events that shared one.
CREATE TABLE keys.listed_charge (charge_class VARCHAR, first_day DATE, last_day DATE);

CREATE TABLE keys.charge_order (charge_class VARCHAR, place INTEGER);

CREATE TABLE keys.charge_rule (needed VARCHAR);

CREATE TABLE keys.told_apart (
    table_name VARCHAR,
    file_number INTEGER,
    row_number BIGINT,
    number VARCHAR,
    person_id VARCHAR,
    from_at TIMESTAMP,
    event_number VARCHAR
);

-- What the site's settings and its map say, for the SQL that derives and counts.
CREATE TABLE export.eligible_charge (charge_class VARCHAR, first_day DATE, last_day DATE);

CREATE TABLE export.jail_cost (kind VARCHAR, dollars DOUBLE, unit_beds INTEGER, from_day DATE);

CREATE TABLE export.program_cost (dollars DOUBLE, from_day DATE, source VARCHAR);

CREATE TABLE export.goal (metric VARCHAR, value DOUBLE, "by" VARCHAR, set_by VARCHAR, due DATE);

CREATE TABLE export.event (day DATE, text VARCHAR, is_new_baseline BOOLEAN);

CREATE TABLE export.note (day DATE, metric VARCHAR, text VARCHAR, role VARCHAR);

CREATE TABLE export.boundary (name VARCHAR, position INTEGER, geometry VARCHAR);

-- People whom a roster that was cut short lacks, with how many it lacks.
CREATE TABLE keys.cut_short (seen_on DATE, person_id VARCHAR, people BIGINT);

-- How far an export says that it reaches, by canonical table.
CREATE TABLE keys.stated_reach (source VARCHAR, last_day DATE);

-- Who is who: which source has which number; which sources number people their own way; which numbers are one
-- person's; which people are known where; and the person behind each number that links or merges name.
CREATE TABLE keys.number (source VARCHAR, number VARCHAR);

CREATE TABLE keys.own_numbers (source VARCHAR);

CREATE TABLE keys.united (numbering VARCHAR, number VARCHAR, root VARCHAR);

CREATE TABLE keys.met (source VARCHAR, person_id VARCHAR, is_unlinked BOOLEAN);

CREATE TABLE candidate.link (numbering VARCHAR, number VARCHAR, person_id VARCHAR, is_link BOOLEAN);

-- The views that gather the days and the people of all tables start from these, so that an inbox
-- without any still has them.
CREATE TABLE accepted.no_day (
    table_name VARCHAR,
    column_name VARCHAR,
    file_number INTEGER,
    row_number BIGINT,
    happened_on DATE
);

CREATE TABLE accepted.nobody (
    table_name VARCHAR,
    file_number INTEGER,
    row_number BIGINT,
    person_id VARCHAR,
    is_hmis BOOLEAN,
    is_unlinked BOOLEAN
);

-- What is also asked of places, behind the border: coalesce by a name that Python's expressions can call, and one of
-- some words as they are written there.
CREATE OR REPLACE MACRO either(first, second) AS coalesce(first, second);

CREATE OR REPLACE MACRO as_choice(written, choices) AS
choices[list_position(list_transform(choices, LAMBDA choice: lower(choice)), lower(written))];
