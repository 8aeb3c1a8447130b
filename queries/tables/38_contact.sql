CREATE TABLE program.contact AS
SELECT
    contact.contact_key,
    contact.person_key,
    contact.contacted_on AS counted_on,
    contact.contacted_on,
    contact.kind,
    contact.need,
    make_traits(
        whereabouts.place,
        whereabouts.pathway,
        person.races,
        person.sex,
        age_band(person.birth_date, contact.contacted_on),
        NULL,
        NULL,
        NULL
    ) AS traits
FROM export.contact
INNER JOIN program.person ON contact.person_key = person.person_key
ASOF LEFT JOIN program.whereabouts
    ON contact.person_key = whereabouts.person_key AND contact.contacted_on >= whereabouts.from_day
ORDER BY counted_on, contact_key;
