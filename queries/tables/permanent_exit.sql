/*
row = "an exit to permanent housing that stands in HUD's measure 2"
rows_from = ["program.housing_exit"]
*/
CREATE TABLE program.permanent_exit AS SELECT * FROM program.housing_exit WHERE FALSE;

INSERT INTO program.permanent_exit BY NAME
SELECT * FROM program.housing_exit WHERE is_permanent AND is_in_measure_2;
