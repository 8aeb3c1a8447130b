-- Bodies that several metrics share. Loaded once a connection, after scope.sql; `filters` is $filters.

-- Cohorts followed from `event_date`: event_on is what is waited for, competing_on what rules it out,
-- censored_on where sight is lost; NULL if it has not happened. Nothing after as_of is used.
CREATE OR REPLACE MACRO follow_up(wanted_table, filters) AS TABLE
SELECT
    *,
    CASE
        WHEN event_on <= ended_on THEN 'event'
        WHEN competing_on <= ended_on THEN 'competing'
        ELSE 'censored'
    END AS outcome,
    -- What lies before the start, as an intake noted ahead of the referral, had happened by then.
    greatest(0, ended_on - event_date) AS days
FROM (
    SELECT
        *,
        -- least() ignores NULL, which is what is wanted here.
        least(event_on, competing_on, censored_on, (filters)['as_of']) AS ended_on
    FROM events_in_view(wanted_table, filters)
);

-- Days that each record must be followed for, as the header of the metric says; where it says nothing,
-- as far as the data reach.
CREATE OR REPLACE MACRO horizon(filters) AS coalesce((filters)['horizon_days']::DOUBLE, 'infinity'::DOUBLE);

-- Each person's records, and the days after which they ended by how: one pass then finds distinct people
-- and days together. `happened`: the event by the horizon; `remaining`: seen to remain at the horizon,
-- neither the event nor the competing one, nor out of sight before.
CREATE OR REPLACE MACRO followed_people(wanted_table, filters) AS TABLE
SELECT
    period,
    category,
    second_category,
    person_key,
    count(*) AS records,
    count(*) FILTER (WHERE outcome = 'event' AND days <= horizon(filters)) AS happened,
    count(*) FILTER (WHERE days > horizon(filters) OR days = horizon(filters) AND outcome = 'censored') AS remaining,
    list(days) FILTER (WHERE outcome = 'event') AS event_days,
    list(days) FILTER (WHERE outcome = 'competing') AS competing_days,
    list(days) FILTER (WHERE outcome = 'censored') AS censored_days
FROM follow_up(wanted_table, filters)
GROUP BY ALL;

-- How many records ended after so many days, of the lists of all people of a group.
CREATE OR REPLACE MACRO records_by_day(days) AS list_aggregate(flatten(list(days)), 'histogram');

-- The counts by day that the estimators of time to event take.
CREATE OR REPLACE MACRO follow_up_counts(wanted_table, filters) AS TABLE
SELECT
    period,
    category,
    second_category,
    nullif(count(person_key), 0) AS people,
    sum(records)::BIGINT AS denominator,
    sum(happened)::BIGINT AS numerator,
    count(person_key) FILTER (WHERE happened > 0) AS numerator_people,
    count(person_key) FILTER (WHERE happened < records) AS complement_people,
    records_by_day(event_days) AS event_days,
    records_by_day(competing_days) AS competing_days,
    records_by_day(censored_days) AS censored_days
FROM followed_people(wanted_table, filters)
GROUP BY ALL;

-- The same, with those seen to remain at the horizon as the numerator.
CREATE OR REPLACE MACRO remaining_counts(wanted_table, filters) AS TABLE
SELECT
    period,
    category,
    second_category,
    nullif(count(person_key), 0) AS people,
    sum(records)::BIGINT AS denominator,
    sum(remaining)::BIGINT AS numerator,
    count(person_key) FILTER (WHERE remaining > 0) AS numerator_people,
    count(person_key) FILTER (WHERE remaining < records) AS complement_people,
    records_by_day(event_days) AS event_days,
    records_by_day(competing_days) AS competing_days,
    records_by_day(censored_days) AS censored_days
FROM followed_people(wanted_table, filters)
GROUP BY ALL;

-- Of the records watched for the whole window, those with the event in it: a plain share, where
-- recent records are left out instead of censored.
CREATE OR REPLACE MACRO whole_window_counts(wanted_table, filters) AS TABLE
SELECT
    period,
    category,
    second_category,
    count(DISTINCT person_key) AS people,
    count(*) AS denominator,
    count(*) FILTER (WHERE outcome = 'event' AND days <= horizon(filters)) AS numerator,
    count(DISTINCT person_key) FILTER (WHERE outcome = 'event' AND days <= horizon(filters)) AS numerator_people,
    count(DISTINCT person_key) FILTER (WHERE outcome <> 'event' OR days > horizon(filters)) AS complement_people
FROM follow_up(wanted_table, filters)
WHERE event_date + (filters)['horizon_days'] <= (filters)['as_of']
GROUP BY ALL;

-- The spans of a table that hold each period's last day: one a person, for the caseload.
CREATE OR REPLACE MACRO on_last_day(wanted_table, filters) AS TABLE
SELECT
    period.period,
    span.category,
    span.second_category,
    span.person_key,
    span.case_manager_key
FROM periods(filters) AS period
INNER JOIN by_category(wanted_table, filters) AS span
    ON
        period.last_day >= span.first_day
        AND (span.next_day IS NULL OR period.last_day < span.next_day);

-- Steps of one kind in cases of people who have been in LEAD.
CREATE OR REPLACE MACRO legal_steps(wanted_step, filters) AS TABLE
SELECT
    period,
    category,
    second_category,
    count(DISTINCT person_key) AS people,
    count(*) AS events
FROM events_in_view('program.legal_step', filters)
WHERE step = wanted_step
GROUP BY ALL;

-- Distinct people behind records that may lack a person; NULL where all of them do.
CREATE OR REPLACE MACRO known_people(person_key) AS nullif(count(DISTINCT person_key), 0);

-- Charge-eligible arrests and those with the outcome ('is_diverted' or 'is_booked'), where it is known.
-- by_person: how many people had so many arrests, so many of them with the outcome; an arrest without
-- a person stands for itself.
CREATE OR REPLACE MACRO eligible_arrests_with(wanted_outcome, filters) AS TABLE
SELECT
    period,
    category,
    second_category,
    nullif(sum(known_people), 0)::BIGINT AS people,
    sum(arrests * clusters)::BIGINT AS denominator,
    sum(events * clusters)::BIGINT AS numerator,
    nullif(sum(known_people) FILTER (WHERE events > 0), 0)::BIGINT AS numerator_people,
    nullif(sum(known_people) FILTER (WHERE events < arrests), 0)::BIGINT AS complement_people,
    list(struct_pack(arrests := arrests, events := events, people := clusters)) AS by_person
FROM (
    SELECT
        period,
        category,
        second_category,
        arrests,
        events,
        count(*) AS clusters,
        count(person_key) AS known_people
    FROM (
        SELECT
            period,
            category,
            second_category,
            person_key,
            count(*) AS arrests,
            count(*) FILTER (WHERE has_outcome) AS events
        FROM (
            SELECT
                *,
                CASE wanted_outcome WHEN 'is_diverted' THEN is_diverted WHEN 'is_booked' THEN is_booked END
                    AS has_outcome
            FROM events_in_view('program.arrest', filters)
        )
        WHERE is_eligible AND has_outcome IS NOT NULL
        GROUP BY period, category, second_category, person_key, coalesce(person_key, -arrest_key)
    )
    GROUP BY ALL
)
GROUP BY ALL;

-- Nights of a stay [first_day, last_day) that fall into [from_day, until_day); none without a stay.
-- greatest() and least() ignore NULL and would make a whole window of nobody's stay.
CREATE OR REPLACE MACRO nights_within(first_day, last_day, from_day, until_day) AS
CASE
    WHEN first_day IS NULL THEN 0
    ELSE greatest(0, least(last_day, until_day) - greatest(first_day, from_day))
END;

-- The whole jail: everybody inside or booked in each period, with nights and bookings.
CREATE OR REPLACE MACRO custody_in_periods(filters) AS TABLE
SELECT
    span.period,
    span.next_day - span.first_day AS days,
    episode.category,
    episode.second_category,
    episode.person_key,
    nights_within(episode.first_day, episode.last_day, span.first_day, span.next_day) AS nights,
    (episode.first_day >= span.first_day AND NOT episode.is_already_inside)::INTEGER AS bookings
FROM periods(filters) AS span
INNER JOIN by_category('program.custody_episode', filters) AS episode
    ON
        episode.first_day < span.next_day
        AND (episode.last_day > span.first_day OR episode.first_day >= span.first_day);

-- The first day with so many days before it of which all of these sources tell: what lies further back none covers.
CREATE OR REPLACE MACRO first_with_past(wanted_sources, wanted_days) AS (
    SELECT coalesce(max(source.data_from), DATE '1900-01-01') + wanted_days
    FROM program.source
    WHERE source.is_past_untold AND list_contains(wanted_sources, source.source)
);

-- Nights in jail of each person referred in the year before and the year after, as far as observed. Days
-- in custody are not taken off: being inside is the outcome.
CREATE OR REPLACE MACRO nights_around_referral(filters) AS TABLE
SELECT
    person.period,
    person.category,
    person.second_category,
    person.person_key,
    365 AS days_before,
    sum(
        nights_within(episode.first_day, episode.last_day, person.event_date - 365, person.event_date)
    )::BIGINT AS nights_before,
    any_value(greatest(person.until_day - person.event_date, 0)) AS days,
    sum(
        nights_within(episode.first_day, episode.last_day, person.event_date, person.until_day)
    )::BIGINT AS nights
FROM (
    SELECT
        *,
        -- least() ignores NULL, which is what is wanted here.
        least(event_date + 365, (filters)['as_of'] + 1, death_date) AS until_day
    FROM events_in_view('program.jail_index', filters)
    WHERE event_date >= first_with_past(['jail_stay'], 365)
) AS person
LEFT JOIN program.custody_episode AS episode ON person.person_key = episode.person_key
GROUP BY ALL;

-- The same as counts: how many people had so many nights on so many days; of a metric with a horizon,
-- only those followed for the whole year.
CREATE OR REPLACE MACRO nights_before_and_after(filters) AS TABLE
SELECT
    period,
    category,
    second_category,
    sum(people)::BIGINT AS people,
    list(
        struct_pack(
            events_before := nights_before,
            days_before := days_before,
            events_after := nights,
            days_after := days,
            people := people
        )
    ) AS person_time
FROM (
    SELECT * EXCLUDE (person_key), count(*) AS people
    FROM nights_around_referral(filters)
    WHERE (filters)['horizon_days'] IS NULL OR days = 365
    GROUP BY ALL
)
GROUP BY ALL;

-- What arrests that were not diverted led to, by charge class: over each year without LEAD (`year`, any charge that
-- is ever on the list), and over each period itself (`period`, charges on the list that day). `results` is JSON, the
-- same text for whoever is set beside it, so that it is read once; the maps count people, for privacy to judge.
CREATE OR REPLACE MACRO results_by_class(filters) AS TABLE
WITH span AS (
    SELECT first_day AS year, NULL::VARCHAR AS period, first_day, next_day, is_chosen FROM program.baseline_year
    UNION ALL
    SELECT NULL, period, first_day, next_day, FALSE FROM periods(filters)
),

arrested AS (
    SELECT
        span.year,
        span.period,
        result.charge_class,
        count(*) AS eligible,
        count_if(result.is_booked) AS booked,
        count(DISTINCT coalesce(result.person_key, -result.arrest_key)) FILTER (WHERE result.is_booked) AS booked_people,
        count(DISTINCT coalesce(result.person_key, -result.arrest_key)) FILTER (WHERE NOT result.is_booked)
            AS other_people,
        histogram(result.nights) FILTER (WHERE result.is_booked AND NOT result.is_open) AS closed,
        histogram(result.nights) FILTER (WHERE result.is_booked AND result.is_open) AS still_inside
    FROM span
    INNER JOIN program.arrest_result AS result
        ON result.event_date >= span.first_day AND result.event_date < span.next_day
    WHERE span.year IS NOT NULL OR result.is_eligible
    GROUP BY ALL
),

-- Where no stay at all can be attributed to an arrest, those the jail files under a class stand in for its own. Not
-- class by class: of the few arrests of a month often none has a stay, and one of somebody else would speak for them.
jailed AS (
    SELECT
        span.year,
        span.period,
        episode.dimensions.charge_class AS charge_class,
        histogram(episode.nights) FILTER (WHERE NOT episode.is_open) AS closed,
        histogram(episode.nights) FILTER (WHERE episode.is_open) AS still_inside
    FROM span
    INNER JOIN program.custody_episode AS episode
        ON episode.first_day >= span.first_day AND episode.first_day < span.next_day
    -- Nobody knows when these began.
    WHERE
        NOT episode.is_already_inside
        AND NOT EXISTS (FROM program.arrest_result WHERE nights IS NOT NULL)
    GROUP BY ALL
),

class AS (
    SELECT
        arrested.* REPLACE (
            coalesce(arrested.closed, jailed.closed) AS closed,
            coalesce(arrested.still_inside, jailed.still_inside) AS still_inside
        )
    FROM arrested
    LEFT JOIN jailed
        ON
            arrested.charge_class = jailed.charge_class
            AND arrested.year IS NOT DISTINCT FROM jailed.year
            AND arrested.period IS NOT DISTINCT FROM jailed.period
)

SELECT
    span.year,
    span.period,
    span.first_day,
    span.next_day,
    span.is_chosen,
    to_json(
        list(
            struct_pack(
                charge_class := class.charge_class,
                eligible := class.eligible,
                booked := class.booked,
                closed := class.closed,
                still_inside := class.still_inside
            )
            ORDER BY class.charge_class
        )
    )::VARCHAR AS results,
    map_from_entries(list((class.charge_class, class.booked_people))) AS booked_people,
    map_from_entries(list((class.charge_class, class.other_people))) AS other_people
FROM span
INNER JOIN class
    ON span.year IS NOT DISTINCT FROM class.year AND span.period IS NOT DISTINCT FROM class.period
GROUP BY ALL;

-- Diverted arrests by charge class, and the nights on them in as many days after, by person.
CREATE OR REPLACE MACRO diverted_arrests(days_after, filters) AS TABLE
SELECT
    by_person.period,
    by_person.category,
    by_person.second_category,
    nullif(count(by_person.person_key), 0) AS people,
    sum(len(by_person.classes))::BIGINT AS events,
    list_aggregate(flatten(list(by_person.classes)), 'histogram') AS diverted,
    histogram(by_person.nights) AS follow_up,
    any_value(span.next_day - span.first_day) AS days,
    any_value(span.last_day) AS last_day
FROM (
    SELECT
        period,
        category,
        second_category,
        person_key,
        list(dimensions.charge_class) AS classes,
        sum(
            len(
                list_filter(
                    later_nights, LAMBDA night: night <= (filters)['as_of'] AND night < event_date + days_after
                )
            )
        )::BIGINT AS nights
    FROM events_in_view('program.diversion', filters)
    -- Arrests without a person each stand for one.
    GROUP BY period, category, second_category, person_key, CASE WHEN person_key IS NULL THEN arrest_key END
) AS by_person
INNER JOIN periods(filters) AS span ON by_person.period IS NOT DISTINCT FROM span.period
GROUP BY by_person.period, by_person.category, by_person.second_category;

-- People behind the results of all of these classes; somebody arrested in two of them counts in both.
CREATE OR REPLACE MACRO people_of_classes(people_by_class, classes) AS
coalesce(list_sum(list_transform(classes, LAMBDA name: coalesce(people_by_class[name], 0))), 0)::BIGINT;

-- Diverted arrests beside what arrests of their classes led to in the baseline year.
CREATE OR REPLACE MACRO diversions_against_baseline(filters) AS TABLE
SELECT
    diversion.*,
    coalesce(baseline.results, '[]') AS baseline,
    people_of_classes(baseline.booked_people, map_keys(diversion.diverted)) AS booked_people,
    people_of_classes(baseline.other_people, map_keys(diversion.diverted)) AS other_people
FROM diverted_arrests(365, filters) AS diversion
LEFT JOIN results_by_class(filters) AS baseline ON baseline.is_chosen;

-- The last exit of each person in the period and category, of those that stand in HUD's measure ('7a' or '7b'):
-- leaving a project of another kind afterwards does not overrule it. outcome: positive, negative or left out.
CREATE OR REPLACE MACRO last_exits(wanted_measure, filters) AS TABLE
SELECT
    period,
    category,
    second_category,
    person_key,
    count_if(is_permanent) AS permanent_exits,
    arg_max(
        struct_pack(outcome := outcome, is_permanent := is_permanent, is_unknown := is_unknown),
        (event_date, entered_on, housing_key)
    ) AS last_exit
FROM (
    SELECT
        *,
        CASE wanted_measure WHEN '7a' THEN measure_7a WHEN '7b' THEN measure_7b END AS outcome
    FROM events_in_view('program.housing_exit', filters)
)
WHERE outcome IS NOT NULL
GROUP BY ALL;

-- People who began LEAD in the period: how stable their housing was then, and how stable it is now by an
-- observation of the last 90 days; NULL where nobody knows.
CREATE OR REPLACE MACRO situations_then_and_now(filters) AS TABLE
SELECT
    start.period,
    start.second_category,
    start.person_key,
    start.housing_stability AS stability_then,
    latest.housing_stability AS stability_now
FROM events_in_view('program.start_situation', filters) AS start
LEFT JOIN (
    SELECT
        person_key,
        arg_max(housing_stability, (observed_on, code)) AS housing_stability
    FROM program.living_situation
    WHERE housing_stability IS NOT NULL AND observed_on BETWEEN (filters)['as_of'] - 90 AND (filters)['as_of']
    GROUP BY person_key
) AS latest ON start.person_key = latest.person_key
WHERE start.episode = 1;

-- People referred and of the comparison group of whom the whole years before and after can be seen.
CREATE OR REPLACE MACRO with_full_years(filters) AS TABLE
FROM events_in_view('program.compared', filters)
WHERE
    event_date >= first_with_past(['jail_stay'], 365)
    AND event_date + 365 <= (filters)['as_of'] + 1
    AND (death_date IS NULL OR death_date >= event_date + 365);

-- Nights of the whole year before and the whole year after, of people referred and of the comparison
-- group: how many people had so many.
CREATE OR REPLACE MACRO nights_of_both_groups(filters) AS TABLE
SELECT
    period,
    second_category,
    is_referred,
    sum(people)::BIGINT AS people,
    list(
        struct_pack(
            events_before := nights_before, days_before := 365, events_after := nights, days_after := 365, people := people
        )
    ) AS person_time
FROM (
    SELECT
        * EXCLUDE (person_key),
        count(*) AS people
    FROM (
        SELECT
            person.period,
            person.second_category,
            person.is_referred,
            person.person_key,
            sum(
                nights_within(episode.first_day, episode.last_day, person.event_date - 365, person.event_date)
            )::BIGINT AS nights_before,
            sum(
                nights_within(episode.first_day, episode.last_day, person.event_date, person.event_date + 365)
            )::BIGINT AS nights
        FROM with_full_years(filters) AS person
        LEFT JOIN program.custody_episode AS episode ON person.person_key = episode.person_key
        GROUP BY ALL
    )
    GROUP BY ALL
)
GROUP BY ALL;

-- Bookings or arrests of people with a full year on both sides, over the days they were at liberty:
-- who is inside can be neither booked nor arrested. days_left_out: of the second year, from the day that parts
-- the years on; an arrest that day is the one that led to LEAD.
CREATE OR REPLACE MACRO events_before_and_after(wanted_table, days_left_out, filters) AS TABLE
SELECT
    period,
    category,
    second_category,
    sum(people)::BIGINT AS people,
    list(
        struct_pack(
            events_before := events_before,
            days_before := free_before,
            events_after := events,
            days_after := free,
            people := people
        )
    ) AS person_time
FROM (
    SELECT
        * EXCLUDE (person_key),
        count(*) AS people
    FROM (
        SELECT
            around.period,
            around.category,
            around.second_category,
            around.person_key,
            any_value(around.days_before - around.nights_before) AS free_before,
            any_value(around.days - around.nights) AS free,
            count(*) FILTER (
                WHERE event.event_date >= parted.event_date - 365 AND event.event_date < parted.event_date
            ) AS events_before,
            count(*) FILTER (
                WHERE
                event.event_date >= parted.event_date + days_left_out
                AND event.event_date < parted.event_date + 365
            ) AS events
        FROM nights_around_referral(filters) AS around
        INNER JOIN program.jail_index AS parted ON around.person_key = parted.person_key
        LEFT JOIN query_table(wanted_table) AS event ON around.person_key = event.person_key
        WHERE
            around.days = 365
            AND parted.event_date
            >= first_with_past([CASE wanted_table WHEN 'program.arrest' THEN 'arrest' ELSE 'jail_stay' END], 365)
        GROUP BY ALL
    )
    GROUP BY ALL
)
GROUP BY ALL;

-- Events of each group or place beside its residents. Who has an unknown place or race, or one outside, is no
-- resident of it: the events stand there without a rate, so that the parts add up to the whole.
CREATE OR REPLACE MACRO events_by_residents(wanted_table, filters) AS TABLE
SELECT
    both_sides.period,
    both_sides.category,
    both_sides.second_category,
    CASE WHEN sum(both_sides.events) = 0 THEN 0 ELSE any_value(both_sides.people) END AS people,
    sum(both_sides.events)::BIGINT AS events,
    any_value(both_sides.residents) AS residents,
    any_value(span.next_day - span.first_day) AS days
FROM (
    SELECT
        period,
        category,
        second_category,
        known_people(person_key) AS people,
        count(*) AS events,
        NULL AS residents
    FROM events_in_view(wanted_table, filters)
    GROUP BY ALL
    UNION ALL
    SELECT
        period,
        category,
        second_category,
        NULL AS people,
        0 AS events,
        CASE WHEN coalesce(category, '') NOT IN ('Unknown', 'Outside') THEN people END AS residents
    FROM residents(filters)
) AS both_sides
INNER JOIN periods(filters) AS span ON both_sides.period IS NOT DISTINCT FROM span.period
GROUP BY both_sides.period, both_sides.category, both_sides.second_category;
