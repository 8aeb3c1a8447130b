/*
title = "Case managers by how many people they have"
unit = "case managers"
definition = "Case managers with at least one person enrolled at the end of the period's last day, by how many they have."
population = "Everybody with an enrollment in LEAD that names a case manager."
within = ["active_caseload"]
caution = "A file that nobody closes fills a place that is free. People without a named manager are left out."
needs = ["enrollment.exited_on", "enrollment.case_manager"]
sources = ["enrollment"]
filters = []
categories = ["1 to 15 people", "16 to 20 people", "21 to 25 people", "More than 25 people"]
is_stock = true
adds_up = false
method = "Count of managers by their different people; privacy judges the people behind a row. Of two enrollments at once, the later one names the manager."
*/
SELECT
    period,
    category,
    second_category,
    sum(people)::BIGINT AS people,
    count(*) AS events
FROM (
    SELECT
        period,
        second_category,
        people,
        unnest(
            metric_category(
                CASE
                    WHEN people <= 15 THEN '1 to 15 people'
                    WHEN people <= 20 THEN '16 to 20 people'
                    WHEN people <= 25 THEN '21 to 25 people'
                    ELSE 'More than 25 people'
                END,
                $filters
            )
        ) AS category
    FROM (
        SELECT
            period,
            second_category,
            case_manager_key,
            count(DISTINCT person_key) AS people
        FROM on_last_day('program.caseload_span', $filters)
        WHERE case_manager_key IS NOT NULL
        GROUP BY ALL
    )
)
GROUP BY ALL;
