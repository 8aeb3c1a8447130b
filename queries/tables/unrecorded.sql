/*
row = "a column that exports lack"
*/
-- What no file says of a table, or not every file; days between its files. Without it, nothing would be counted as none.
CREATE TABLE program.unrecorded (
    table_name VARCHAR NOT NULL, -- the canonical table, or site for the settings
    column_name VARCHAR, -- its column, or the key of site.toml; NULL: no file tells of these days at all
    first_day DATE, -- of the rows that lack it; NULL: all lack it
    last_day DATE CHECK (last_day >= first_day) -- of the rows that lack it
);

INSERT INTO program.unrecorded BY NAME
SELECT * FROM export.unrecorded;
