/*
row = "a canonical table with days"
*/
-- What the next build compares itself with.
CREATE TABLE program.export_reach (
    table_name VARCHAR NOT NULL UNIQUE, -- the canonical table
    first_day DATE NOT NULL, -- its first day
    last_day DATE NOT NULL -- its last day
);
