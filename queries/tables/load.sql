/*
row = "a table that a file was read as"
*/
-- What became of its rows.
CREATE TABLE program.load (
    file VARCHAR NOT NULL, -- the file
    "table" VARCHAR NOT NULL, -- the canonical table
    read BIGINT NOT NULL, -- rows that were read
    loaded BIGINT NOT NULL, -- rows that count
    rejected BIGINT NOT NULL, -- rows that could not be used
    duplicate BIGINT NOT NULL, -- rows that repeat others
    out_of_scope BIGINT NOT NULL -- rows of something else
);
