/*
row = "a person's first episode, followed from its start"
rows_from = ["program.episode"]
unique = "person_key"
*/
-- Somebody is out of touch on the day the site's inactivity window has passed without a contact, not on
-- the day of the last contact: that date would use what nobody knew then, and make recent months look bad.
CREATE TABLE program.engagement (
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- first day in LEAD
    event_on DATE NOT NULL, -- out of touch
    competing_on DATE, -- left the program, or died
    censored_on DATE, -- left on a day that nobody can read: out of sight from the first day on
    first_contact_on DATE, -- first contact from the first day on
    dimensions dimensions NOT NULL -- on the first day
);

INSERT INTO program.engagement BY NAME
WITH touch AS (
    SELECT person_key, started_on AS day FROM program.episode WHERE episode = 1
    UNION
    SELECT episode.person_key, contact.contacted_on
    FROM program.episode
    INNER JOIN program.contact
        ON episode.person_key = contact.person_key AND episode.started_on <= contact.contacted_on
    WHERE episode.episode = 1
),

silence AS (
    SELECT
        person_key,
        day + (SELECT inactivity_days FROM program.site) AS ends_on,
        lead(day) OVER (PARTITION BY person_key ORDER BY day) AS next_touch
    FROM touch
),

first_silence AS (
    SELECT
        person_key,
        min(ends_on) AS ends_on
    FROM silence
    WHERE next_touch IS NULL OR next_touch > ends_on
    GROUP BY person_key
)

SELECT
    episode.person_key,
    episode.event_date,
    first_silence.ends_on AS event_on,
    -- Left the program or died. least() passes over a NULL, as wanted here.
    least(CASE WHEN episode.is_end_known THEN episode.exited_on END, person.death_date) AS competing_on,
    CASE WHEN NOT episode.is_end_known THEN episode.exited_on END AS censored_on,
    contact.contacted_on AS first_contact_on,
    episode.dimensions
FROM program.episode
INNER JOIN first_silence ON episode.person_key = first_silence.person_key
INNER JOIN program.person ON episode.person_key = person.person_key
ASOF LEFT JOIN program.contact
    ON episode.person_key = contact.person_key AND episode.started_on <= contact.contacted_on
WHERE episode.episode = 1
ORDER BY episode.event_date, episode.person_key;
