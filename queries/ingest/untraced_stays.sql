-- One row if both jail and police number several people, and not one stay can be traced to an arrest, by its number or
-- by the person. Where arrests name nobody, stays are known by their charge.
SELECT 'jail_stay' AS table_name
WHERE
    (SELECT count(DISTINCT person_id) FROM accepted.jail_stay) > 1
    AND (SELECT count(DISTINCT person_id) FROM accepted.arrest) > 1
    AND NOT EXISTS (
        FROM accepted.jail_stay AS stay
        SEMI JOIN accepted.arrest AS arrest ON stay.arrest_id = arrest.arrest_id
    )
    AND NOT EXISTS (
        FROM accepted.jail_stay AS stay
        SEMI JOIN accepted.arrest AS arrest ON stay.person_id = arrest.person_id
    );
