/*
row = "a source of people"
*/
-- How far the people of each source are known, and how many participants have any record there.
CREATE TABLE program.match (
    source VARCHAR NOT NULL UNIQUE, -- the canonical table, or hmis
    has_own_numbers BOOLEAN NOT NULL, -- it numbers people its own way
    records BIGINT NOT NULL, -- rows that were loaded
    unlinked_records BIGINT NOT NULL, -- those of people nobody has linked
    nameless_records BIGINT NOT NULL, -- those without a person
    people BIGINT NOT NULL, -- different people
    unlinked_people BIGINT NOT NULL, -- those whom nobody has linked
    participants BIGINT NOT NULL, -- those who are participants
    all_participants BIGINT NOT NULL -- participants in all sources: the same in each row
);

INSERT INTO program.match BY NAME
SELECT * FROM export.match;
