/*
title = "LEAD participants in jail"
unit = "people"
definition = "People who have been in LEAD and spent at least one night of the year in jail; each person counts once a year."
sentence = "In {period}, {number} people who have been in LEAD spent at least one night in jail."
sum_sentence = "In {period}, people who have been in LEAD spent {number} nights in jail."
caution = "In jail at any time of the year, before or after the person came to LEAD: this is not an effect of LEAD."
needs = ["jail_stay.released_at or jail_roster.seen_on", "jail_stay.participants"]
sources = ["jail_stay"]
records = "booking"
every = "year"
breakdowns = ["race", "sex", "age_band"]
sum_unit = "nights"
sum_title = "Nights in jail of LEAD participants"
sum_definition = "Nights that people who have been in LEAD spent in jail in the year, at most 365 of one person."
*/
WITH person_year AS (
    SELECT
        custody_episode.person_key,
        years.counted_in,
        arg_min(custody_episode.dimensions, custody_episode.in_at) AS dimensions,
        least(
            sum(
                least(custody_episode.last_day, make_date(years.counted_in + 1, 1, 1))
                - greatest(custody_episode.first_day, make_date(years.counted_in, 1, 1))
            ),
            365
        ) AS nights
    FROM program.custody_episode
    INNER JOIN program.person
        ON custody_episode.person_key = person.person_key AND person.is_participant
    CROSS JOIN
        unnest(
            range(year(custody_episode.first_day), year(custody_episode.last_day) + 1)
        ) AS years (counted_in)
    GROUP BY ALL
)

SELECT
    counted_in::VARCHAR AS period,
    dimensions.race AS race,
    dimensions.sex AS sex,
    dimensions.age_band AS age_band,
    count(DISTINCT person_key) AS people,
    sum(nights)::BIGINT AS total,
    list_sort(list(nights::BIGINT), 'DESC')[:2] AS largest
FROM person_year
WHERE nights > 0
GROUP BY ALL;
