/*
title = "People arrested for a charge that may be diverted"
unit = "people"
definition = "People by the year in which they were arrested for a charge that may be diverted; each person counts once a year, at the first such arrest."
sentence = "In {period}, {number} people were arrested for a charge that may be diverted."
caution = "Diverted means at least one of these arrests of the year went to LEAD instead of jail. Arrests without a known person count as one person each."
sources = ["arrest"]
every = "year"
breakdowns = ["neighborhood", "race", "sex", "age_band", "outcome"]
question = "Diverted to LEAD at least once in the year"
yes = "Diverted at least once"
no = "Not diverted"
yes_title = "People diverted to LEAD at least once in the year"
yes_definition = "People by the year in which they were arrested for a charge that may be diverted, if at least one of these arrests of the year went to LEAD."
yes_sentence = "In {period}, {number} people were diverted to LEAD at least once."
share_sentence = "In {period}, {number} of {whole} people arrested for a charge that may be diverted were diverted to LEAD ({percent})."
share_definition = "Of people arrested for a charge that may be diverted, how many of 100 were diverted to LEAD at least once in the year."
stands_for = ["eligible_arrests"]
yes_stands_for = ["arrests_diverted"]
share_stands_for = ["diversion_rate"]
stage = "arrest_to_diversion"
wording = [
    "Officers diverted {share} of {people} arrested for a charge that may be diverted",
    "{share} of {people}",
    "would have been diverted",
    "people arrested for a charge that may be diverted",
]
*/
WITH eligible AS (
    SELECT
        arrest.*,
        year(arrest.event_date) AS counted_in,
        -- Not linked to anybody: nothing else is known of this person, so the arrest stands for one.
        coalesce(arrest.person_key, -1 - arrest.arrest_key) AS arrested_key
    FROM program.arrest
    WHERE arrest.is_eligible
),

person_year AS (
    SELECT
        counted_in,
        arrested_key,
        arg_min(dimensions, (event_date, arrest_key)) AS dimensions,
        coalesce(bool_or(is_diverted), FALSE) AS is_diverted
    FROM eligible
    GROUP BY ALL
)

SELECT
    counted_in::VARCHAR AS period,
    dimensions.neighborhood AS neighborhood,
    dimensions.race AS race,
    dimensions.sex AS sex,
    dimensions.age_band AS age_band,
    CASE WHEN is_diverted THEN 'yes' ELSE 'no' END AS outcome,
    count(DISTINCT arrested_key) AS people
FROM person_year
GROUP BY ALL;
