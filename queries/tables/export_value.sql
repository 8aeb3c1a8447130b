/*
row = "a value of a column that names categories"
*/
-- What the next build compares itself with.
CREATE TABLE program.export_value (
    table_name VARCHAR NOT NULL, -- the canonical table
    column_name VARCHAR NOT NULL, -- the column
    value VARCHAR NOT NULL -- the value
);
