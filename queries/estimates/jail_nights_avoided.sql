/*
title = "Jail nights avoided by diversion, estimated"
rule = "nights"
steps = [500, 1000, 2000, 5000, 10000]
least = 100
rests_on = ["people_eligible_for_diversion_arrests", "outcome", "yes"]
watched_days = 365
sentence = "The arrests diverted in {period} spared the jail about {number} nights, by an estimate ({low} to {high})."
rounding = "In public: for calendar years with 100 diverted arrests or more, of the whole county, a year late; the number to the nearest 500 nights, the ends of its range outward to the same, or to a wider step where one person could move them further."
caution = "A calculation, not a count: what similar arrests led to before LEAD may not be what these would have led to. Rounded so that no one person's arrests or jail stays can be seen in it; another choice of comparison gives other numbers."
*/
WITH diverted AS (
    SELECT
        coalesce(person_key, -1 - arrest_key) AS one,
        count(*) AS diverted,
        -- A night on each arrest that it followed on, as the metric takes it off.
        sum(
            len(
                list_filter(
                    later_nights, LAMBDA night: night <= ($filters)['as_of'] AND night < event_date + 365
                )
            )
        ) AS followed
    FROM events_in_view('program.diversion', $filters)
    GROUP BY ALL
),

stay AS (
    SELECT
        coalesce(person_key, -1 - arrest_key) AS one,
        event_date,
        1 AS arrests,
        least(coalesce(nights, 0), 365) AS nights
    FROM program.arrest_result
    UNION ALL
    -- Where no stay can be attributed to an arrest, those of the jail stand in.
    SELECT
        person_key,
        first_day,
        0,
        least(nights, 365)
    FROM program.custody_episode
    WHERE NOT EXISTS (FROM program.arrest_result WHERE nights IS NOT NULL)
),

baseline AS (
    SELECT
        stay.one,
        sum(stay.arrests) AS arrests,
        sum(stay.nights) AS nights
    FROM stay
    INNER JOIN program.baseline_year AS year
        ON year.is_chosen AND stay.event_date >= year.first_day AND stay.event_date < year.next_day
    GROUP BY ALL
)

SELECT DISTINCT
    coalesce(diverted.diverted, 0)::INTEGER AS diverted,
    coalesce(diverted.followed, 0)::INTEGER AS followed,
    coalesce(baseline.arrests, 0)::INTEGER AS arrests,
    coalesce(baseline.nights, 0)::INTEGER AS nights
FROM diverted
FULL JOIN baseline ON diverted.one = baseline.one;
