/*
title = "Contacts made"
unit = "contacts"
definition = "Contacts of case managers with people, dated in the period."
population = "Everybody with a contact in the exports of LEAD."
caution = "Counts what was entered, not how long or how useful a contact was."
sources = ["contact"]
records = "participant"
place = "the place of the enrollment in force that day, else of the latest referral before it"
method = "Count of contacts by date."
*/
SELECT
    contact.period,
    contact.category,
    contact.second_category,
    known_people(contact.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.contact', $filters) AS contact
GROUP BY ALL;
