/*
row = "what LEAD costs, from a day on"
rows_from = ["export.program_cost"]
*/
CREATE TABLE program.program_cost (
    dollars DOUBLE NOT NULL CHECK (dollars >= 0), -- dollars for each person in LEAD and month
    from_day DATE NOT NULL, -- the first day of this price
    source VARCHAR NOT NULL -- who says so
);

INSERT INTO program.program_cost BY NAME
SELECT * FROM export.program_cost;
