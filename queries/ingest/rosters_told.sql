-- What has to be said about stays that were worked out from rosters.
SELECT
    count(*) AS stays,
    count(*) FILTER (WHERE is_already_inside OR booked_at::DATE < snapshots.first_day) AS begun_before,
    count(*) FILTER (WHERE released_at IS NULL) AS still_inside,
    count(*) FILTER (WHERE nights_in_doubt > 0) AS doubtful,
    coalesce(sum(nights_in_doubt), 0)::BIGINT AS nights_in_doubt,
    count(*) FILTER (WHERE snapshots_without > 0) AS interrupted,
    any_value(snapshots.days) AS days,
    any_value(snapshots.last_day - snapshots.first_day + 1 - snapshots.days) AS missing_days,
    any_value(snapshots.first_day) AS first_day,
    any_value(snapshots.last_day) AS last_day
FROM accepted.roster_stay
CROSS JOIN (
    SELECT
        count(DISTINCT seen_on) AS days,
        min(seen_on) AS first_day,
        max(seen_on) AS last_day
    FROM accepted.jail_roster
) AS snapshots;
