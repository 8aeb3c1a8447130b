/*
title = "Arrests diverted, by whether a referral names them"
unit = "arrests"
definition = "Arrests diverted in the period, each in one group: a referral names the arrest; none does and the person was in LEAD that day; none does and nobody says that the person was."
population = "Every diverted arrest that is not known to be off the list."
within = ["arrests_diverted"]
caution = "An arrest of somebody already in LEAD can be diverted without a new referral; for others a missing referral may be a hand-off that never happened, or one that was not written down."
needs = ["arrest.is_diverted or referral.arrest_id", "referral.arrest_id", "enrollment.exited_on"]
sources = ["arrest", "referral", "enrollment"]
filters = ["place"]
place = "where the arrest was made"
categories = ["A referral names it", "No referral, already in LEAD", "No referral, not known to be in LEAD"]
method = "Count of diverted arrests; in LEAD: an enrollment that began before that day and had not ended. The groups add up to the arrests diverted."
version = 2
*/
SELECT
    period,
    category,
    second_category,
    known_people(person_key) AS people,
    count(*) AS events
FROM (
    SELECT
        arrest.* EXCLUDE (category),
        unnest(
            metric_category(
                CASE
                    WHEN EXISTS (FROM program.referral WHERE referral.arrest_key = arrest.arrest_key)
                        THEN 'A referral names it'
                    WHEN EXISTS (
                        FROM program.enrollment
                        WHERE
                            enrollment.person_key = arrest.person_key
                            AND enrollment.started_on < arrest.event_date
                            AND (enrollment.exited_on IS NULL OR enrollment.exited_on > arrest.event_date)
                    )
                        THEN 'No referral, already in LEAD'
                    ELSE 'No referral, not known to be in LEAD'
                END,
                $filters
            )
        ) AS category
    FROM events_in_view('program.diversion', $filters) AS arrest
)
GROUP BY ALL;
