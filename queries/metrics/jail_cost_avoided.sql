/*
title = "Jail cost avoided by diversion, estimated, at three prices"
unit = "dollars"
definition = "Jail nights avoided by diversion in the period, valued at the price in force on its last day: what each night costs at once, whole housing units that could close, and the average cost of a night."
population = "Every diverted arrest; for what such arrests led to before, every eligible arrest of the year before LEAD."
within = ["arrests_diverted"]
caution = "Only the short-run marginal row is money not spent; the average row is a value the county cannot spend. As uncertain as the nights avoided, and provisional for as long."
needs = ["arrest.is_diverted or referral.arrest_id", "arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges", "arrest.is_booked or arrest.person_id or jail_stay.arrest_id", "jail_stay.arrests", "jail_stay.released_at or jail_roster.seen_on"]
sources = ["arrest", "jail_stay", "referral"]
filters = ["place"]
place = "where the arrest was made"
estimator = "cost_avoided"
categories = ["short-run marginal", "step", "average"]
adds_up = false
method = "Net nights x dollars; step: whole units of beds x dollars a year, in proportion to the period. Nights and their interval are those of jail_nights_avoided."
version = 4
*/
SELECT
    diversion.* EXCLUDE (booked_people, other_people) REPLACE (kinds.kind AS category),
    price.dollars,
    price.unit_beds
FROM diversions_against_baseline($filters) AS diversion
CROSS JOIN (VALUES ('short-run marginal'), ('step'), ('average')) AS kinds (kind)
ASOF LEFT JOIN program.jail_cost AS price ON kinds.kind = price.kind AND diversion.last_day >= price.from_day;
