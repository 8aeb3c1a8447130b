/*
row = "a charge class that may be diverted, over a span of days"
rows_from = ["export.eligible_charge"]
*/
CREATE TABLE program.eligible_charge (
    charge_class VARCHAR NOT NULL, -- the class
    first_day DATE NOT NULL, -- the first day it may be
    last_day DATE -- the last one; NULL: no end
);

INSERT INTO program.eligible_charge BY NAME
SELECT * FROM export.eligible_charge;
