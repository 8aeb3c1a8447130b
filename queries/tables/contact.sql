/*
row = "a contact of a case manager with a person"
rows_from = ["export.contact"]
unique = "contact_key"
*/
CREATE TABLE program.contact (
    contact_key INTEGER NOT NULL, -- the contact
    person_key INTEGER, -- the person; NULL: nobody known
    event_date DATE NOT NULL, -- day of the contact
    contacted_on DATE NOT NULL, -- the same
    dimensions dimensions NOT NULL -- on the day of the contact
);

INSERT INTO program.contact BY NAME
SELECT
    contact.contact_key,
    contact.person_key,
    contact.contacted_on AS event_date,
    contact.contacted_on,
    make_dimensions(
        person,
        contact.contacted_on,
        place := whereabouts.place,
        pathway := whereabouts.pathway,
        need := contact.need,
        contact_kind := contact.kind
    ) AS dimensions
FROM export.contact
LEFT JOIN program.person ON contact.person_key = person.person_key
ASOF LEFT JOIN program.whereabouts
    ON contact.person_key = whereabouts.person_key AND contact.contacted_on >= whereabouts.from_day
ORDER BY event_date, contact_key;
