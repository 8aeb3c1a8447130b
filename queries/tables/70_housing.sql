-- Time in a housing or shelter project. is_counted: participants; where no LEAD data are loaded,
-- everybody, and the figures are the housing system's.
CREATE TABLE program.housing AS
WITH dated AS (
    SELECT
        *,
        coalesce(entered_on, moved_in_on, exited_on) AS counted_on,
        row_number() OVER (
            ORDER BY person_key, counted_on, exited_on, project_type, moved_in_on, destination
        ) AS housing_key
    FROM export.housing
    WHERE counted_on IS NOT NULL
)

SELECT
    dated.housing_key,
    dated.person_key,
    dated.counted_on,
    dated.project_type,
    dated.counted_on AS entered_on,
    -- HUD's rules: a move-in counts in permanent housing only, and between entry and exit. A source
    -- without project types means permanent housing by giving the date.
    CASE
        WHEN
            coalesce(dated.project_type, 3) IN (3, 9, 10, 13)
            AND dated.moved_in_on >= dated.counted_on
            AND dated.moved_in_on <= coalesce(dated.exited_on, dated.moved_in_on)
            THEN dated.moved_in_on
    END AS moved_in_on,
    dated.exited_on,
    dated.destination,
    -- HUD's seven; the other 4xx codes are kinds of subsidy, not destinations.
    coalesce(dated.destination IN (410, 411, 421, 422, 423, 426, 435), FALSE) AS is_permanent,
    person.is_participant,
    person.is_participant OR NOT EXISTS (FROM program.person WHERE is_participant) AS is_counted,
    make_traits(
        whereabouts.place,
        whereabouts.pathway,
        person.races,
        person.sex,
        age_band(person.birth_date, dated.counted_on),
        NULL,
        NULL,
        NULL
    ) AS traits
FROM dated
INNER JOIN program.person ON dated.person_key = person.person_key
ASOF LEFT JOIN program.whereabouts
    ON dated.person_key = whereabouts.person_key AND dated.counted_on >= whereabouts.from_day
ORDER BY dated.housing_key;
