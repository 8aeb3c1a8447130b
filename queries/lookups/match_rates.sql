-- How far the people of each source are known. Counts of people: to be protected before they are shown.
SELECT
    source,
    has_own_numbers,
    people,
    people - unlinked_people AS linked_people,
    unlinked_people,
    participants,
    all_participants
FROM program.match
ORDER BY source;
