-- One row = an episode and how contact went in it. A person is disengaged on the day the site's
-- inactivity window has passed without a contact, not on the day of the last contact: that date
-- would use what nobody knew then, and make recent months look bad.
CREATE TABLE program.engagement AS
WITH touch AS (
    SELECT person_key, episode, started_on AS day FROM program.episode
    UNION
    SELECT episode.person_key, episode.episode, contact.contacted_on
    FROM program.episode
    INNER JOIN program.contact
        ON episode.person_key = contact.person_key AND contact.contacted_on >= episode.started_on
),

silence AS (
    SELECT
        *,
        day + (SELECT inactivity_days FROM program.site) AS ends_on,
        lead(day) OVER (PARTITION BY person_key, episode ORDER BY day) AS next_touch
    FROM touch
),

first_silence AS (
    SELECT
        person_key,
        episode,
        min(ends_on) AS disengaged_on
    FROM silence
    WHERE next_touch IS NULL OR next_touch > ends_on
    GROUP BY person_key, episode
)

SELECT
    episode.*,
    first_silence.disengaged_on,
    -- least() passes over a NULL, as wanted here.
    least(episode.exited_on, person.death_date) AS left_on,
    contact.contacted_on AS first_contact_on
FROM program.episode
INNER JOIN first_silence
    ON episode.person_key = first_silence.person_key AND episode.episode = first_silence.episode
INNER JOIN program.person ON episode.person_key = person.person_key
ASOF LEFT JOIN program.contact
    ON episode.person_key = contact.person_key AND episode.started_on <= contact.contacted_on
ORDER BY counted_on, person_key;
