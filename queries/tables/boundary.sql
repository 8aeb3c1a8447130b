/*
row = "a place on the map"
rows_from = ["export.boundary"]
*/
CREATE TABLE program.boundary (
    name VARCHAR NOT NULL UNIQUE, -- the place
    position INTEGER NOT NULL UNIQUE, -- its place in the file, from 0
    geometry VARCHAR -- its shape, as GeoJSON
);

INSERT INTO program.boundary BY NAME
SELECT * FROM export.boundary;
