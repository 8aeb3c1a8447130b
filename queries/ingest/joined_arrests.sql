-- One row per charge becomes one arrest with all its charges. It may be diverted if every charge may, or, where the site says
-- so, if any may; of charges that nobody judged it is not known. Its class is the gravest by the site's order; where
-- the site has none and the classes differ, it is not known. `line` holds the row that was kept of each arrest.
WITH part AS (
    SELECT
        arrest.*,
        CASE
            WHEN arrest.charge_class IS NOT NULL AND EXISTS (FROM keys.listed_charge)
                THEN EXISTS (
                    FROM keys.listed_charge AS listed
                    WHERE
                        listed.charge_class = arrest.charge_class
                        AND listed.first_day <= arrest.arrested_at::DATE
                        AND (listed.last_day IS NULL OR listed.last_day >= arrest.arrested_at::DATE)
                )
            ELSE arrest.is_charge_eligible
        END AS may_be_diverted,
        grave.place AS grave_place,
        rule.needed
    FROM candidate.arrest AS arrest
    CROSS JOIN keys.charge_rule AS rule
    LEFT JOIN keys.charge_order AS grave ON lower(arrest.charge_class) = lower(grave.charge_class)
    WHERE NOT EXISTS (
        FROM candidate.dropped
        WHERE
            dropped.table_name = 'arrest'
            AND dropped.fate = 'rejected'
            AND dropped.file_number = arrest.file_number
            AND dropped.row_number = arrest.row_number
    )
),

joined AS (
    SELECT
        arrest_id,
        min(arrested_at) AS arrested_at,
        CASE
            WHEN any_value(needed) = 'all' AND bool_or(may_be_diverted IS FALSE) THEN FALSE
            WHEN any_value(needed) = 'any' AND bool_or(may_be_diverted IS TRUE) THEN TRUE
            WHEN bool_and(may_be_diverted IS NOT NULL) THEN any_value(needed) = 'all'
        END AS is_charge_eligible,
        bool_or(is_diverted) AS is_diverted,
        bool_or(is_booked) AS is_booked,
        -- On a warrant alone only if nothing else is charged.
        CASE WHEN bool_or(is_prior_warrant IS NOT NULL) THEN bool_and(is_prior_warrant IS TRUE) END
            AS is_prior_warrant,
        CASE WHEN bool_or(is_warrant IS NOT NULL) THEN bool_and(is_warrant IS TRUE) END AS is_warrant,
        CASE
            WHEN count(DISTINCT lower(charge_class)) = 1 THEN min(charge_class)
            WHEN bool_and(charge_class IS NULL OR grave_place IS NOT NULL) THEN arg_min(charge_class, grave_place)
        END AS charge_class
    FROM part
    GROUP BY arrest_id
    HAVING count(*) > 1
)

SELECT
    line.* REPLACE (
        coalesce(joined.arrested_at, line.arrested_at) AS arrested_at,
        CASE WHEN joined.arrest_id IS NULL THEN line.is_charge_eligible ELSE joined.is_charge_eligible END
            AS is_charge_eligible,
        coalesce(joined.is_diverted, line.is_diverted) AS is_diverted,
        coalesce(joined.is_booked, line.is_booked) AS is_booked,
        coalesce(joined.is_prior_warrant, line.is_prior_warrant) AS is_prior_warrant,
        coalesce(joined.is_warrant, line.is_warrant) AS is_warrant,
        CASE WHEN joined.arrest_id IS NULL THEN line.charge_class ELSE joined.charge_class END AS charge_class,
        -- What tells eligibility is all its charges, not the class of one.
        CASE
            WHEN joined.arrest_id IS NULL THEN line.unread
            ELSE list_append(coalesce(line.unread, []), 'charge_class')
        END AS unread
    )
FROM line
LEFT JOIN joined ON line.arrest_id = joined.arrest_id
