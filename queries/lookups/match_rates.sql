/*
definition = "How many people of each source are linked to LEAD's ids, and how many participants have a record there."
labels = ["source", "has_own_numbers"]
people = [
    ["people", "linked_people", "unlinked_people"],
    ["all_participants", "participants", "other_participants"],
]
*/
SELECT
    source,
    has_own_numbers,
    people,
    people - unlinked_people AS linked_people,
    unlinked_people,
    all_participants,
    participants,
    all_participants - participants AS other_participants
FROM program.match
ORDER BY source;
