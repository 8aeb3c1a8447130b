/*
row = "a note of whoever answers for a metric"
rows_from = ["export.note"]
*/
-- What stands under charts: not a record of anybody, and read by no query.
CREATE TABLE program.note (
    day DATE NOT NULL, -- when it was written
    metric VARCHAR NOT NULL, -- the metric it is about
    text VARCHAR NOT NULL, -- why it moved, in their words
    role VARCHAR NOT NULL -- who says so, by role
);

INSERT INTO program.note BY NAME
SELECT * FROM export.note;
