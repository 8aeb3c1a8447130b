/*
row = "a day of a source"
*/
-- With records on it; nobody is in this table.
CREATE TABLE program.recorded_day (
    source VARCHAR NOT NULL, -- the canonical table
    day DATE NOT NULL, -- the day
    records BIGINT NOT NULL CHECK (records > 0) -- records of that day
);

INSERT INTO program.recorded_day BY NAME
SELECT
    source,
    event_date AS day,
    count(*) AS records
FROM recorded
GROUP BY source, event_date
ORDER BY source, event_date;
