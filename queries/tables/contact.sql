/*
row = "a contact of a case manager with a person"
rows_from = ["export.contact"]
*/
CREATE TABLE program.contact (
    contact_key INTEGER NOT NULL UNIQUE, -- the contact
    person_key INTEGER, -- the person; NULL: nobody known
    counted_on DATE NOT NULL, -- day of the contact
    contacted_on DATE NOT NULL, -- the same
    kind VARCHAR, -- kind of contact
    need VARCHAR, -- need addressed
    traits dimensions NOT NULL -- dimensions, on the day of the contact
);

INSERT INTO program.contact BY NAME
SELECT
    contact.contact_key,
    contact.person_key,
    contact.contacted_on AS counted_on,
    contact.contacted_on,
    contact.kind,
    contact.need,
    make_dimensions(
        person,
        contact.contacted_on,
        place := whereabouts.place,
        pathway := whereabouts.pathway
    ) AS traits
FROM export.contact
LEFT JOIN program.person ON contact.person_key = person.person_key
ASOF LEFT JOIN program.whereabouts
    ON contact.person_key = whereabouts.person_key AND contact.contacted_on >= whereabouts.from_day
ORDER BY counted_on, contact_key;
