/*
row = "a source with rows"
*/
CREATE TABLE program.source (
    source VARCHAR NOT NULL UNIQUE, -- the canonical table
    rows BIGINT NOT NULL CHECK (rows > 0), -- rows that were loaded
    data_through DATE NOT NULL -- the last day it reaches
);

INSERT INTO program.source BY NAME
SELECT * FROM export.source;
