/*
row = "the files of one pattern as one table"
*/
-- What the next build compares itself with.
CREATE TABLE program.export_shape (
    export VARCHAR NOT NULL, -- the pattern
    table_name VARCHAR NOT NULL, -- the canonical table
    rows BIGINT NOT NULL, -- rows that were read
    header VARCHAR[] NOT NULL -- their columns
);
