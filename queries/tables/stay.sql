/*
row = "a stay in jail that can be counted in nights"
rows_from = ["export.jail_stay"]
unique = "stay_key"
*/
-- As far as the midnight that ends the data.
CREATE TABLE program.stay (
    stay_key INTEGER NOT NULL, -- the stay
    person_key INTEGER, -- the person; NULL: nobody known
    arrest_key INTEGER, -- the arrest behind it
    charge_class VARCHAR, -- class of the top charge
    race VARCHAR[], -- as the jail recorded it
    sex VARCHAR, -- as the jail recorded it
    booked_at TIMESTAMP NOT NULL, -- when booked, local time
    out_at TIMESTAMP NOT NULL, -- when released; if still inside, the midnight that ends the data
    is_open BOOLEAN NOT NULL, -- still inside
    is_already_inside BOOLEAN NOT NULL -- inside before the records begin
);

INSERT INTO program.stay BY NAME
SELECT
    stay.stay_key,
    stay.person_key,
    stay.arrest_key,
    stay.charge_class,
    stay.race,
    stay.sex,
    stay.booked_at,
    least(stay.released_at, jail.inside_until) AS out_at,
    stay.released_at IS NULL OR stay.released_at > jail.inside_until AS is_open,
    stay.is_already_inside IS TRUE AS is_already_inside
FROM export.jail_stay AS stay
CROSS JOIN (
    SELECT
        (data_through + 1)::TIMESTAMP AS inside_until,
        EXISTS (FROM export.jail_stay WHERE is_on_roster IS NOT NULL) AS has_roster
    FROM export.source
    WHERE source = 'jail_stay'
) AS jail
WHERE
    stay.booked_at < jail.inside_until
    -- Neither released nor on the roster: nobody knows how long. Without any roster, open is inside, unless
    -- there is a release that nobody can read.
    AND (
        stay.released_at IS NOT NULL
        OR stay.is_on_roster
        OR (NOT jail.has_roster AND NOT is_unread(stay.unread, 'released_at'))
    );
