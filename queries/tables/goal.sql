/*
row = "a goal of the site"
rows_from = ["export.goal"]
*/
CREATE TABLE program.goal (
    metric VARCHAR NOT NULL, -- the metric it is about
    value DOUBLE NOT NULL, -- the value to reach
    "by" VARCHAR NOT NULL, -- the length of a period
    set_by VARCHAR NOT NULL, -- who has set it
    due DATE -- by when, if at all
);

INSERT INTO program.goal BY NAME
SELECT * FROM export.goal;
