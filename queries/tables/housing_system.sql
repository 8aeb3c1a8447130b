/*
row = "a time in a housing or shelter project, of anybody"
rows_from = ["export.housing"]
unique = "housing_key"
*/
CREATE TABLE program.housing_system (
    housing_key BIGINT NOT NULL, -- the time, numbered by content
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- day of entry, else the first day known of it
    project_type BIGINT, -- HUD project type; NULL: the source tells none
    project_kind VARCHAR, -- shelter, transitional, outreach, permanent, rapid re-housing or services
    has_bed_nights BOOLEAN NOT NULL, -- night-by-night shelter whose nights the exports tell
    entered_on DATE NOT NULL, -- the same as event_date
    moved_in_on DATE CHECK (moved_in_on >= entered_on), -- day of move-in to permanent housing
    exited_on DATE, -- day of exit; NULL: still there
    is_end_known BOOLEAN NOT NULL, -- otherwise there is an exit that nobody can read, and exited_on is the first day
    is_move_in_unread BOOLEAN NOT NULL, -- there is a move-in that nobody can read
    destination BIGINT, -- HUD destination at exit
    destination_kind VARCHAR, -- homeless, jail, institution, temporary, permanent, unknown or died
    is_permanent BOOLEAN NOT NULL, -- the exit was to permanent housing
    dimensions dimensions NOT NULL -- on the day of entry
);

INSERT INTO program.housing_system BY NAME
WITH dated AS (
    SELECT
        *,
        row_number() OVER (
            ORDER BY person_key, event_date, exited_on, project_type, moved_in_on, destination
        ) AS housing_key
    FROM (SELECT *, coalesce(entered_on, moved_in_on, exited_on) AS event_date FROM export.housing)
    WHERE event_date IS NOT NULL
)

SELECT
    dated.housing_key,
    dated.person_key,
    dated.event_date,
    dated.project_type,
    project.kind AS project_kind,
    coalesce(dated.project_type = 1, FALSE)
    AND EXISTS (FROM export.living_situation WHERE living_situation.source = 'HMIS, bed night')
        AS has_bed_nights,
    dated.event_date AS entered_on,
    -- HUD's rules: a move-in counts in permanent housing only, and between entry and exit. A source
    -- without project types means permanent housing by giving the date.
    CASE
        WHEN
            (dated.project_type IS NULL OR project.kind IN ('permanent', 'rapid re-housing'))
            AND dated.moved_in_on >= dated.event_date
            AND dated.moved_in_on <= coalesce(dated.exited_on, dated.moved_in_on)
            THEN dated.moved_in_on
    END AS moved_in_on,
    known_end(dated.exited_on, dated.unread, 'exited_on', dated.event_date) AS exited_on,
    NOT is_unread(dated.unread, 'exited_on') AS is_end_known,
    is_unread(dated.unread, 'moved_in_on') AS is_move_in_unread,
    dated.destination,
    destination.kind AS destination_kind,
    coalesce(destination.kind = 'permanent' AND destination.is_destination, FALSE) AS is_permanent,
    make_dimensions(
        person,
        dated.event_date,
        place := whereabouts.place,
        pathway := whereabouts.pathway
    ) AS dimensions
FROM dated
INNER JOIN program.person ON dated.person_key = person.person_key
LEFT JOIN codes.project AS project ON dated.project_type = project.project_type
LEFT JOIN codes.housing AS destination ON dated.destination = destination.code
ASOF LEFT JOIN program.whereabouts
    ON dated.person_key = whereabouts.person_key AND dated.event_date >= whereabouts.from_day
ORDER BY dated.housing_key;
