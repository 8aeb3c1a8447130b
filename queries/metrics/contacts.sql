/*
population = "Everybody with a contact in the exports of LEAD."
sources = ["contact"]
records = "contact"
place = "the place of the enrollment in force that day, else of the latest referral before it"

[metrics.contacts_made]
title = "Contacts made"
unit = "contacts"
definition = "Contacts of case managers with people, dated in the period."
caution = "Counts what was entered, not how long or how useful a contact was."
method = "Count of contacts by date."

[metrics.people_contacted]
title = "People contacted"
unit = "people"
definition = "Different people with at least one contact dated in the period."
caution = "Needs do not add up: a person met about housing and about health stands under both. A need is what was talked about, not what was met."
method = "Count of different people by date of contact."
*/
SELECT
    contact.period,
    contact.category,
    contact.second_category,
    known_people(contact.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.contact', $filters) AS contact
GROUP BY ALL;
