/*
row = "something that happened to the program"
rows_from = ["export.event"]
*/
-- What charts mark: not a record of anybody.
CREATE TABLE program.event (
    day DATE NOT NULL, -- when
    text VARCHAR NOT NULL, -- what
    is_new_baseline BOOLEAN NOT NULL -- control charts begin anew there
);

INSERT INTO program.event BY NAME
SELECT * FROM export.event;
