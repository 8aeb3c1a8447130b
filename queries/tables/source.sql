/*
row = "a source with rows"
*/
-- Which days each source covers: on each of them, an event would stand in the export.
CREATE TABLE program.source (
    source VARCHAR NOT NULL UNIQUE, -- the canonical table
    rows BIGINT NOT NULL CHECK (rows > 0), -- rows that were loaded
    data_from DATE, -- the first day that it covers; NULL: it has no days of its own
    data_through DATE NOT NULL, -- the last day that it covers
    is_stated BOOLEAN NOT NULL, -- the export, its name or the site says how far it goes; else estimated
    is_begin_known BOOLEAN NOT NULL, -- days before data_from are not covered; else it may have begun there
    is_past_untold BOOLEAN NOT NULL -- they are so surely missing that nobody can be looked back on through them
);

INSERT INTO program.source BY NAME
SELECT * FROM export.source;
