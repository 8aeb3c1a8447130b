-- What several derived tables share; the build alone needs it.

-- Where a person lives, in the order of how stable that is.
CREATE TYPE housing_stability AS ENUM('homeless or in jail', 'temporary', 'permanent');

-- Whether the cell of a column held something that nobody could read: not known, rather than none yet.
CREATE OR REPLACE TEMP MACRO is_unread(unread, column_name) AS
coalesce(list_contains(unread, column_name), FALSE);

-- An end that cannot be read: of such a time only its first day is known.
CREATE OR REPLACE TEMP MACRO known_end(ended_on, unread, column_name, first_day) AS
CASE WHEN is_unread(unread, column_name) THEN first_day ELSE ended_on END;
