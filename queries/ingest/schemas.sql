-- The stations of a row: text of a file, text by canonical column, typed, accepted, without identifiers.
CREATE SCHEMA staged;
CREATE SCHEMA raw;
CREATE SCHEMA candidate;
CREATE SCHEMA accepted;
CREATE SCHEMA keys;
CREATE SCHEMA export;

CREATE TABLE candidate.dropped (
    table_name VARCHAR,
    file_number INTEGER,
    row_number BIGINT,
    fate VARCHAR
);
