/*
definition = "People in jail since $from_day whom nobody has linked, those first referred from $from_day until before $next_day who are in no record of the jail, and the most nights these could have had: the longest times of as many unlinked people, a year each at most."
people = [["unlinked", "without_record"]]
goes_with = { nights = "unlinked" }
*/
WITH inside AS (
    SELECT
        row_number() OVER (ORDER BY nights DESC) AS place,
        least(nights, 365) AS nights
    FROM (
        SELECT
            sum(
                least(episode.last_day, $until_day::DATE) - greatest(episode.first_day, $from_day::DATE)
            ) AS nights
        FROM program.custody_episode AS episode
        INNER JOIN program.person ON episode.person_key = person.person_key
        WHERE person.is_unlinked AND episode.last_day > $from_day AND episode.first_day < $until_day
        GROUP BY episode.person_key
    )
),

never AS (
    SELECT count(*) AS people
    FROM program.first_referral AS referral
    WHERE
        referral.event_date >= $from_day
        AND referral.event_date < $next_day
        AND NOT EXISTS (FROM program.custody_episode AS known WHERE known.person_key = referral.person_key)
)

SELECT
    (SELECT count(*) FROM inside) AS unlinked,
    never.people AS without_record,
    coalesce((SELECT sum(inside.nights) FROM inside WHERE inside.place <= never.people), 0)::BIGINT AS nights
FROM never;
