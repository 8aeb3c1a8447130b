-- The rows of a snapshot, attached as `program`, as the flat tables that a developer would be handed.
CREATE TABLE referrals AS
SELECT
    person_key AS person,
    event_date AS day,
    dimensions.neighborhood AS place,
    dimensions.pathway AS pathway
FROM program.referral
ORDER BY day;

CREATE TABLE enrollments AS
SELECT
    person_key AS person,
    event_date AS day,
    dimensions.neighborhood AS place,
    dimensions.pathway AS pathway
FROM program.episode
ORDER BY day;

CREATE TABLE placements AS
SELECT
    person_key AS person,
    event_date AS day,
    dimensions.neighborhood AS place,
    dimensions.pathway AS pathway
FROM program.placement
ORDER BY day;

-- nights: in jail on this arrest, of the first 365.
CREATE TABLE arrests AS
SELECT
    arrest.person_key AS person,
    arrest.event_date AS day,
    arrest.dimensions.neighborhood AS place,
    arrest.dimensions.charge_class AS charge,
    arrest.is_eligible AS eligible,
    -- What the product counts as diverted: by the arrest or its referral, and not known to be off the list.
    diversion.arrest_key IS NOT NULL AS diverted,
    coalesce(stay.nights > 0, FALSE) AS booked,
    coalesce(stay.nights, 0) AS nights
FROM program.arrest
LEFT JOIN program.diversion ON arrest.arrest_key = diversion.arrest_key
LEFT JOIN (
    SELECT
        arrest_key,
        least(365, sum(date_diff('day', booked_at, out_at))) AS nights
    FROM program.stay
    WHERE arrest_key IS NOT NULL
    GROUP BY arrest_key
) AS stay ON arrest.arrest_key = stay.arrest_key
ORDER BY day;

-- The year before LEAD.
CREATE TABLE baseline AS
SELECT first_day, next_day FROM program.baseline;
