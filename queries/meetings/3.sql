-- Goals that a meeting set; those of site.toml stand beside them. What the data of a meeting became.
CREATE TABLE IF NOT EXISTS goal (
    number INTEGER PRIMARY KEY,
    meeting INTEGER NOT NULL REFERENCES meeting (number),
    metric TEXT NOT NULL,
    period TEXT NOT NULL, -- month, quarter, year or total
    value REAL NOT NULL,
    due TEXT, -- YYYY-MM-DD; NULL where no day was set
    UNIQUE (meeting, metric, period)
);

CREATE TABLE IF NOT EXISTS let_go (
    meeting INTEGER PRIMARY KEY REFERENCES meeting (number),
    let_go_on TEXT NOT NULL -- from then on, its data are kept as long as those of any build
);

CREATE TABLE IF NOT EXISTS amended (
    snapshot TEXT PRIMARY KEY, -- the mark of data that a meeting looked at, and that held a purged person
    successor TEXT NOT NULL, -- the mark of those that open in their place
    amended_on TEXT NOT NULL
);
