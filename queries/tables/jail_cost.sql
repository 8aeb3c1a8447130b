/*
row = "a price of a jail bed, from a day on"
rows_from = ["export.jail_cost"]
*/
CREATE TABLE program.jail_cost (
    kind VARCHAR NOT NULL, -- average, marginal or step
    dollars DOUBLE NOT NULL CHECK (dollars >= 0), -- dollars a bed and day
    unit_beds INTEGER CHECK (unit_beds > 0), -- of the kind step: beds of a unit that opens or closes
    from_day DATE NOT NULL -- the first day of this price
);

INSERT INTO program.jail_cost BY NAME
SELECT * FROM export.jail_cost;
