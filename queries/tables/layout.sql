/*
row = "the layout of these tables"
*/
CREATE TABLE program.layout (
    number INTEGER NOT NULL -- LAYOUT of schema.py at the build
);
