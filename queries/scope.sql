-- The only place where filters and breakdowns are written. Loaded once a connection.
--
-- Every table that metrics count has the columns `event_date` (the day that puts a row into a
-- period) and `dimensions` (a struct of everything a row can be filtered by or broken down by).
-- `filters` is the one bound parameter, $filters: a struct made by leadstats.counting.view.Filters.
-- Struct fields are read as (filters)['x'], since DuckDB takes filters.x for a column of a table.

-- The period of a day: 2026-01, 2026-Q1 or 2026; NULL for the whole.
CREATE OR REPLACE MACRO period_label(day, wanted_by) AS
CASE wanted_by
    WHEN 'month' THEN strftime(day, '%Y-%m')
    WHEN 'quarter' THEN strftime(day, '%Y') || '-Q' || quarter(day)
    WHEN 'year' THEN strftime(day, '%Y')
END;

-- A row may belong to several categories (races alone or in combination), hence a list. Any other breakdown is the
-- field of its name; DuckDB looks it up when the query is planned, so there must be one even if none is wanted.
CREATE OR REPLACE MACRO category_labels(dimensions, wanted_breakdown) AS
CASE
    WHEN wanted_breakdown = 'race_alone_or_in_combination' THEN dimensions.races
    ELSE [
        (dimensions)[
            CASE
                WHEN wanted_breakdown IS NULL OR wanted_breakdown = 'race_alone_or_in_combination' THEN 'race'
                ELSE wanted_breakdown
            END
        ]
    ]
END;

-- The categories of one breakdown, followed by NULL for the margin over all of them: protection
-- needs the margins of each view, printed or not, and distinct people do not add up.
CREATE OR REPLACE MACRO labels_and_margin(dimensions, wanted_breakdown, with_margins) AS
CASE
    WHEN wanted_breakdown IS NULL THEN ['Everyone']
    WHEN with_margins THEN list_append(category_labels(dimensions, wanted_breakdown), NULL)
    ELSE category_labels(dimensions, wanted_breakdown)
END;

-- The same for categories of a metric's own that together are everybody: a reader may know how many
-- that is from elsewhere.
CREATE OR REPLACE MACRO metric_category(label, filters) AS
CASE WHEN (filters)['margins'] THEN [label, NULL] ELSE [label] END;

-- How many people had so many events in so many days, as one list.
CREATE OR REPLACE MACRO person_time(events, days, people) AS
list(struct_pack(events := events, days := days, people := people));

-- A period, followed by NULL for the whole if margins are wanted.
CREATE OR REPLACE MACRO period_and_margin(label, wanted_by, with_margins) AS
CASE
    WHEN wanted_by = 'total' THEN [NULL::VARCHAR]
    WHEN with_margins THEN [label, NULL]
    ELSE [label]
END;

-- The rows of a table that pass the place and pathway filters, once per category.
CREATE OR REPLACE MACRO by_category(wanted_table, filters) AS TABLE
SELECT
    *,
    unnest(labels_and_margin(dimensions, (filters)['second_breakdown'], (filters)['margins'])) AS second_category
FROM (
    SELECT
        *,
        unnest(labels_and_margin(dimensions, (filters)['breakdown'], (filters)['margins'])) AS category
    FROM query_table(wanted_table)
    WHERE
        ((filters)['places']::VARCHAR[] IS NULL OR list_contains((filters)['places']::VARCHAR[], dimensions.neighborhood))
        AND (
            (filters)['pathways']::VARCHAR[] IS NULL
            OR list_contains((filters)['pathways']::VARCHAR[], dimensions.pathway)
        )
);

-- Those rows counted on a day of the chosen months, once per period (and margin).
CREATE OR REPLACE MACRO events_in_view(wanted_table, filters) AS TABLE
SELECT
    *,
    unnest(
        period_and_margin(period_label(event_date, (filters)['by']), (filters)['by'], (filters)['margins'])
    ) AS period
FROM by_category(wanted_table, filters)
WHERE event_date >= (filters)['first_day'] AND event_date < (filters)['next_day'];

-- The periods themselves, for spans (caseload, nights): half-open [first_day, next_day).
CREATE OR REPLACE MACRO periods(filters) AS TABLE
SELECT
    period,
    min(day)::DATE AS first_day,
    least((max(day) + INTERVAL 1 MONTH)::DATE, any_value((filters)['next_day'])) AS next_day,
    next_day - 1 AS last_day
FROM (
    SELECT
        day,
        unnest(period_and_margin(period_label(day, (filters)['by']), (filters)['by'], (filters)['margins'])) AS period
    FROM generate_series(
        (filters)['first_day']::TIMESTAMP,
        ((filters)['next_day'] - 1)::TIMESTAMP,
        INTERVAL 1 MONTH
    ) AS months (day)
)
GROUP BY period;

-- Residents of each category, the same in every period: by places where they are asked for, else of the county.
CREATE OR REPLACE MACRO residents(filters) AS TABLE
SELECT
    period.period,
    resident.category,
    resident.second_category,
    sum(resident.people)::BIGINT AS people
FROM periods(filters) AS period
CROSS JOIN by_category('program.population', filters) AS resident
WHERE
    resident.is_whole_county = (
        (filters)['places'] IS NULL
        AND coalesce((filters)['breakdown'], '') <> 'neighborhood'
        AND coalesce((filters)['second_breakdown'], '') <> 'neighborhood'
    )
GROUP BY period.period, resident.category, resident.second_category;
