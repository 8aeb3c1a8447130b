-- What readers hold to be wrong of a number. As with decisions: roles, never people.
CREATE TABLE IF NOT EXISTS objection (
    number INTEGER PRIMARY KEY,
    raised_on TEXT NOT NULL, -- YYYY-MM-DD
    metric TEXT NOT NULL,
    about TEXT NOT NULL, -- the number as it stood, its months, filters, snapshot and definition, a line each
    view TEXT NOT NULL, -- the address of the page that shows it
    words TEXT NOT NULL,
    who TEXT NOT NULL, -- by role
    outcome TEXT NOT NULL, -- what the owner of the data found; empty while it is open
    settled_on TEXT -- the day on which that was written down
);
