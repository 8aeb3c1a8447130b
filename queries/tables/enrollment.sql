/*
row = "an enrollment"
rows_from = ["export.enrollment"]
unique = "enrollment_key"
*/
CREATE TABLE program.enrollment (
    enrollment_key INTEGER NOT NULL, -- the enrollment
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- first day in LEAD
    started_on DATE NOT NULL, -- the same
    exited_on DATE CHECK (exited_on >= started_on), -- day of exit; NULL: still in
    is_end_known BOOLEAN NOT NULL, -- otherwise there is an exit that nobody can read, and exited_on is the first day
    exit_reason VARCHAR, -- why it ended
    case_manager_key INTEGER, -- the case manager
    dimensions dimensions NOT NULL -- on the first day
);

INSERT INTO program.enrollment BY NAME
SELECT
    enrollment.enrollment_key,
    enrollment.person_key,
    enrollment.started_on AS event_date,
    enrollment.started_on,
    known_end(enrollment.exited_on, enrollment.unread, 'exited_on', enrollment.started_on) AS exited_on,
    NOT is_unread(enrollment.unread, 'exited_on') AS is_end_known,
    enrollment.exit_reason,
    enrollment.case_manager_key,
    make_dimensions(
        person,
        enrollment.started_on,
        place := coalesce(enrollment.neighborhood, whereabouts.place),
        pathway := whereabouts.pathway
    ) AS dimensions
FROM export.enrollment
INNER JOIN program.person ON enrollment.person_key = person.person_key
ASOF LEFT JOIN program.whereabouts
    ON enrollment.person_key = whereabouts.person_key AND enrollment.started_on >= whereabouts.from_day
ORDER BY event_date, enrollment_key;
