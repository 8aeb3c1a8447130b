-- What daily rosters tell of stays. A booking that the roster names (by number or time) is one stay
-- from its first snapshot to its last; without a name, a person is inside for as long as no snapshot
-- in between lacks them. A day without a roster says nothing and ends no stay.
CREATE TABLE accepted.roster_stay AS
WITH snapshot AS (
    SELECT
        seen_on,
        row_number() OVER (ORDER BY seen_on) AS position,
        lead(seen_on) OVER (ORDER BY seen_on) AS next_on
    FROM (SELECT DISTINCT seen_on FROM accepted.jail_roster)
),

seen AS (
    SELECT
        roster.*,
        snapshot.position,
        snapshot.next_on,
        coalesce(roster.stay_id, roster.booked_at::VARCHAR) AS booking,
        snapshot.position - dense_rank() OVER (
            PARTITION BY roster.person_id, roster.stay_id, roster.booked_at
            ORDER BY snapshot.position
        ) AS gaps
    FROM accepted.jail_roster AS roster
    INNER JOIN snapshot ON roster.seen_on = snapshot.seen_on
)

SELECT
    person_id,
    -- A booking number of the jail stands alone; a time of booking needs the person.
    coalesce(min(stay_id), person_id || '|' || coalesce(booking, min(seen_on)::VARCHAR)) AS stay_id,
    coalesce(min(booked_at), min(seen_on)::TIMESTAMP) AS booked_at,
    -- The day after the last snapshot that lists the person: no more nights than are proven.
    CASE
        WHEN max(position) < (SELECT max(position) FROM snapshot)
            THEN greatest((max(seen_on) + 1)::TIMESTAMP, coalesce(min(booked_at), min(seen_on)::TIMESTAMP))
    END AS released_at,
    arg_max(charge_class, (seen_on, charge_class)) AS charge_class,
    arg_max(race, (seen_on, race)) FILTER (WHERE len(race) > 0) AS race,
    arg_max(sex, (seen_on, sex)) AS sex,
    min(booked_at) IS NULL AND min(position) = 1 AS is_already_inside,
    bool_or(is_unlinked) AS is_unlinked,
    max((seen_on, file_number, row_number)) AS last_row,
    CASE
        WHEN max(position) < (SELECT max(position) FROM snapshot) THEN max(next_on) - max(seen_on) - 1
        ELSE 0
    END AS nights_in_doubt,
    max(position) - min(position) + 1 - count(DISTINCT position) AS snapshots_without
FROM seen
GROUP BY person_id, booking, CASE WHEN booking IS NULL THEN gaps END;

-- An extract of stays knows better than a roster: what it covers of a person is not told twice.
INSERT INTO accepted.jail_stay BY NAME
SELECT
    roster.last_row[2] AS file_number,
    roster.last_row[3] AS row_number,
    FALSE AS is_hmis,
    roster.is_unlinked,
    roster.stay_id,
    roster.person_id,
    roster.booked_at,
    roster.released_at,
    roster.charge_class,
    roster.released_at IS NULL AS is_on_roster,
    roster.is_already_inside,
    roster.race,
    roster.sex
FROM accepted.roster_stay AS roster
WHERE NOT EXISTS (
    FROM accepted.jail_stay AS known
    WHERE
        known.person_id = roster.person_id
        AND known.booked_at <= coalesce(roster.released_at, TIMESTAMP '9999-12-31')
        AND coalesce(known.released_at, TIMESTAMP '9999-12-31') >= roster.booked_at
);
