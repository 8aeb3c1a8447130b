SELECT DISTINCT
    calendar.month,
    placement.person_key,
    placement.dimensions,
    1 AS people
FROM placement
INNER JOIN calendar ON placement.month = calendar.month AND placement.event_date < calendar.next_day
