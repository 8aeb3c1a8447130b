/*
row = "a person referred and the day that parts the year before from the year after"
rows_from = ["program.first_referral"]
unique = "person_key"
*/
-- The first referral, or for people referred out of jail the release from that stay.
CREATE TABLE program.jail_index (
    person_key INTEGER NOT NULL, -- the person
    event_date DATE NOT NULL, -- the day
    dimensions dimensions NOT NULL, -- those of the referral
    death_date DATE -- date of death
);

INSERT INTO program.jail_index BY NAME
SELECT
    referral.person_key,
    coalesce(episode.last_day, referral.event_date) AS event_date,
    referral.dimensions,
    person.death_date
FROM program.first_referral AS referral
INNER JOIN program.person ON referral.person_key = person.person_key
LEFT JOIN program.custody_episode AS episode
    ON
        referral.person_key = episode.person_key
        AND episode.last_day > referral.event_date
        -- Booked on the day itself is out of jail only if the referral says so.
        AND episode.first_day
        <= referral.event_date - (referral.dimensions.pathway <> 'jail_or_court')::INTEGER
-- Referred in jail and still there: no day outside has come yet.
WHERE episode.is_open IS NOT TRUE
ORDER BY event_date, referral.person_key;
