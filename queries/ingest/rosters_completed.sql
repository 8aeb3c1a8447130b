-- Whoever a list that was cut short lacks stays listed as on the last one before it.
INSERT INTO accepted.jail_roster BY NAME
SELECT roster.* REPLACE (missed.seen_on AS seen_on)
FROM keys.cut_short AS missed
ASOF INNER JOIN accepted.jail_roster AS roster
    ON missed.person_id = roster.person_id AND missed.seen_on >= roster.seen_on
