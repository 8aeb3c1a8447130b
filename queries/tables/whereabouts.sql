/*
row = "a day from which a person belongs somewhere"
rows_from = ["export.referral", "export.enrollment"]
*/
-- Where a person belongs from which day on: the place of the enrollment in force, else of the latest
-- referral; and the pathway of the latest referral, before the first one that of the first.
-- To be joined ASOF: from_day is the latest one not after the day asked for.
-- Of two enrollments in force at once, the one that started last is taken.
CREATE TABLE program.whereabouts (
    person_key INTEGER NOT NULL, -- the person
    from_day DATE NOT NULL, -- from this day on, until the next of the person
    enrollment_key INTEGER, -- the enrollment in force
    place VARCHAR, -- the neighborhood
    pathway VARCHAR -- how the person came to LEAD
);

INSERT INTO program.whereabouts BY NAME
WITH enrollment AS (
    SELECT * REPLACE (known_end(exited_on, unread, 'exited_on', started_on) AS exited_on)
    FROM export.enrollment
),

turning AS (
    SELECT person_key, referred_on AS from_day FROM export.referral
    UNION
    SELECT person_key, started_on FROM enrollment
    UNION
    SELECT person_key, exited_on FROM enrollment WHERE exited_on IS NOT NULL
    UNION
    SELECT person_key, DATE '0001-01-01' FROM export.referral
),

enrolled AS (
    SELECT
        turning.person_key,
        turning.from_day,
        arg_max(enrollment.enrollment_key, (enrollment.started_on, enrollment.enrollment_key))
            AS enrollment_key,
        arg_max(enrollment.neighborhood, (enrollment.started_on, enrollment.enrollment_key)) AS place
    FROM turning
    INNER JOIN enrollment
        ON
            turning.person_key = enrollment.person_key
            AND enrollment.started_on <= turning.from_day
            -- The day of exit is no longer in the program.
            AND coalesce(enrollment.exited_on, DATE '9999-12-31') > turning.from_day
    GROUP BY ALL
),

referred AS (
    SELECT
        turning.person_key,
        turning.from_day,
        arg_max(referral.neighborhood, (referral.referred_on, referral.referral_key))
            FILTER (WHERE referral.referred_on <= turning.from_day) AS place,
        coalesce(
            arg_max(referral.pathway, (referral.referred_on, referral.referral_key))
                FILTER (WHERE referral.referred_on <= turning.from_day),
            arg_min(referral.pathway, (referral.referred_on, referral.referral_key))
        ) AS pathway
    FROM turning
    INNER JOIN export.referral ON turning.person_key = referral.person_key
    GROUP BY ALL
)

SELECT
    turning.person_key,
    turning.from_day,
    enrolled.enrollment_key,
    coalesce(enrolled.place, referred.place) AS place,
    referred.pathway
FROM turning
LEFT JOIN enrolled
    ON turning.person_key = enrolled.person_key AND turning.from_day = enrolled.from_day
LEFT JOIN referred
    ON turning.person_key = referred.person_key AND turning.from_day = referred.from_day
WHERE turning.person_key IS NOT NULL
ORDER BY turning.person_key, turning.from_day;
