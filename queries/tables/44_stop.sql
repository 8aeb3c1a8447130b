CREATE TABLE program.stop AS
SELECT
    stop.stop_key,
    stop.person_key,
    stop.stopped_at::DATE AS counted_on,
    stop.stopped_at::DATE AS stopped_on,
    coalesce(stop.is_arrested, FALSE) AS is_arrested,
    make_traits(
        stop.neighborhood,
        NULL,
        known_races(stop.race, person.races),
        person.sex,
        age_band(person.birth_date, stop.stopped_at::DATE),
        NULL,
        NULL,
        NULL
    ) AS traits
FROM export.stop
LEFT JOIN program.person ON stop.person_key = person.person_key
ORDER BY counted_on, stop_key;
