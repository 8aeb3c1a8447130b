/*
row = "the baseline year, or another without LEAD that the exports of arrests and of the jail hold whole"
*/
-- The baseline, and the same span as many years earlier or later as end before LEAD began: what choosing
-- another one would make of a number.
CREATE TABLE program.baseline_year (
    first_day DATE NOT NULL UNIQUE, -- its first day
    next_day DATE NOT NULL, -- the day after its last
    is_chosen BOOLEAN NOT NULL, -- the baseline itself
    is_whole BOOLEAN NOT NULL -- held whole and without LEAD, as all but the baseline itself are
);

INSERT INTO program.baseline_year BY NAME
SELECT
    first_day,
    next_day,
    shift = 0 AS is_chosen,
    coalesce(first_day >= held.held_from AND next_day <= lead.began_on, FALSE) AS is_whole
FROM (
    SELECT
        shift,
        (baseline.first_day + to_years(shift::INTEGER))::DATE AS first_day,
        (baseline.next_day + to_years(shift::INTEGER))::DATE AS next_day
    FROM program.baseline
    CROSS JOIN range(-50, 51) AS shifts (shift)
)
CROSS JOIN (SELECT min(event_date) AS began_on FROM program.referral) AS lead
CROSS JOIN (
    -- Where the beginning is a first record rather than known, the export may well begin with that month.
    SELECT
        max(
            CASE WHEN is_begin_known THEN data_from ELSE date_trunc('month', data_from)::DATE END
        ) AS held_from
    FROM program.source
    WHERE source IN ('arrest', 'jail_stay')
) AS held
WHERE
    is_chosen AND first_day IS NOT NULL
    OR is_whole AND EXISTS (FROM program.arrest_result WHERE event_date >= first_day AND event_date < next_day)
ORDER BY first_day;
