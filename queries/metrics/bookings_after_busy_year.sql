/*
title = "Bookings in a busy year and the year after, before LEAD and of people referred"
unit = "bookings per person-year"
definition = "Of people booked at least twice in a year, the bookings of that year and of the next, for each person and year: before LEAD began, and around the first referral of people first referred in the period."
population = "Before LEAD: everybody booked at least twice in the year that ends a year before LEAD or the baseline year ends; referred: everybody booked at least twice in the 365 days before the first referral. Who died within the second year is left out."
caution = "Nobody was diverted in the first pair of years: that fall is what choosing people at their worst does by itself (regression to the mean). People referred were chosen in other ways too, so the two falls need not be alike without LEAD."
needs = ["jail_stay.released_at or jail_roster.seen_on"]
sources = ["referral", "jail_stay", "arrest"]
filters = ["place"]
place = "where the person was first referred; before LEAD the whole county"
estimator = "rate_per_person_year"
horizon_days = 365
categories = ["Before LEAD, the busy year", "Before LEAD, the year after", "Referred, the busy year before", "Referred, the year after"]
adds_up = false
method = "Bookings / person-days x 365, the same people in both years, of those with at least two bookings in the first. Before LEAD: the last two years in a row without LEAD that the exports hold whole. Interval by resampling people."
version = 2
*/
WITH pair AS (
    SELECT
        busy.first_day,
        busy.next_day,
        later.next_day AS end_day
    FROM program.baseline_year AS busy
    INNER JOIN program.baseline_year AS later ON busy.next_day = later.first_day
    WHERE busy.is_whole AND later.is_whole
    ORDER BY busy.first_day DESC
    LIMIT 1
),

followed AS (
    SELECT
        span.period,
        'Everyone' AS second_category,
        'Before LEAD' AS who,
        booking.person_key,
        pair.first_day,
        pair.next_day,
        pair.end_day
    FROM periods($filters) AS span
    CROSS JOIN pair
    CROSS JOIN (SELECT DISTINCT person_key FROM program.booking WHERE person_key IS NOT NULL) AS booking
    LEFT JOIN program.person ON booking.person_key = person.person_key
    WHERE person.death_date IS NULL OR person.death_date >= pair.end_day
    UNION ALL
    SELECT
        period,
        second_category,
        'Referred',
        person_key,
        event_date - 365,
        event_date,
        event_date + 365
    FROM with_full_years($filters)
    WHERE is_referred
),

booked AS (
    SELECT
        followed.period,
        followed.second_category,
        followed.who,
        followed.person_key,
        followed.next_day - followed.first_day AS days_before,
        followed.end_day - followed.next_day AS days,
        count_if(booking.event_date < followed.next_day) AS events_before,
        count_if(booking.event_date >= followed.next_day) AS events
    FROM followed
    INNER JOIN program.booking
        ON
            followed.person_key = booking.person_key
            AND booking.event_date >= followed.first_day
            AND booking.event_date < followed.end_day
    GROUP BY ALL
    HAVING events_before >= 2
)

SELECT
    booked.period,
    booked.who || ', ' || year.label AS category,
    booked.second_category,
    count(*) AS people,
    list(
        struct_pack(
            events := CASE WHEN year.is_first THEN booked.events_before ELSE booked.events END,
            days := CASE WHEN year.is_first THEN booked.days_before ELSE booked.days END,
            people := 1
        )
    ) AS person_time
FROM booked
INNER JOIN
    (
        VALUES
        ('Before LEAD', TRUE, 'the busy year'),
        ('Before LEAD', FALSE, 'the year after'),
        ('Referred', TRUE, 'the busy year before'),
        ('Referred', FALSE, 'the year after')
    ) AS year (who, is_first, label)
    ON booked.who = year.who
GROUP BY ALL;
