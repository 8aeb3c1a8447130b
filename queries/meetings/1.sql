-- A step may be run twice: two people may be the first to write.
-- What a group's meetings leave behind. No person of the exports is in it, and it is never among the exports.
CREATE TABLE IF NOT EXISTS meeting (
    number INTEGER PRIMARY KEY,
    day TEXT NOT NULL UNIQUE, -- of the meeting, YYYY-MM-DD
    snapshot TEXT NOT NULL, -- the mark of the data it looked at
    view TEXT NOT NULL, -- the address of what it looked at: months and filters
    agenda TEXT NOT NULL, -- questions in their order, one a line
    notes TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS decision (
    number INTEGER PRIMARY KEY,
    meeting INTEGER NOT NULL REFERENCES meeting (number),
    words TEXT NOT NULL,
    who TEXT NOT NULL, -- by role
    due TEXT, -- YYYY-MM-DD; NULL where no day was set
    outcome TEXT NOT NULL, -- what became of it; empty while it is open
    settled_on TEXT -- the day on which the outcome was written down
);
