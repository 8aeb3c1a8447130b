/*
title = "People arrested for a charge that may be diverted"
unit = "people"
definition = "People by the year in which they were arrested for a charge that may be diverted; each person counts once a year, at the first of these arrests that was diverted, else at the first."
sentence = "In {period}, {number} people were arrested for a charge that may be diverted."
caution = "Diverted means handed to LEAD at the arrest. The rate rises when officers make fewer minor arrests, even if no more people are diverted. Arrests without a known person count as one person each."
needs = ["arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges"]
sources = ["arrest"]
records = "arrest"
every = "year"
breakdowns = ["neighborhood", "race", "sex", "age_band", "outcome"]
question = "Diversion rate"
outcome_needs = ["arrest.is_diverted or referral.arrest_id"]
yes = "Diverted to LEAD"
no = "Not diverted"
yes_title = "Arrests diverted"
yes_definition = "Arrests by the year in which somebody was arrested for a charge that may be diverted and was handed to LEAD at the arrest."
yes_sentence = "In {period}, {number} arrests were diverted to LEAD."
share_sentence = "In {period}, officers diverted {number} of {whole} arrests for a charge that may be diverted ({percent})."
share_definition = "Of arrests for a charge that may be diverted, how many of 100 were diverted: the person was handed to LEAD at the arrest."
sum_unit = "arrests"
sum_title = "Arrests for a charge that may be diverted"
sum_definition = "Arrests of adults by year whose charge, or all of whose charges, was on the list of divertible charges that day."
sum_sentence = "In {period}, officers made {number} arrests for a charge that may be diverted."
sum_stands_for = ["eligible_arrests"]
yes_stands_for = ["arrests_diverted"]
share_stands_for = ["diversion_rate"]
stage = "arrest_to_diversion"
*/
WITH eligible AS (
    SELECT
        arrest.*,
        year(arrest.event_date) AS counted_in,
        coalesce(arrest.is_diverted, FALSE) AS had_outcome,
        -- Not linked to anybody: nothing else is known of this person, so the arrest stands for one.
        coalesce(arrest.person_key, -1 - arrest.arrest_key) AS arrested_key
    FROM program.arrest
    WHERE arrest.is_eligible
),

-- Each arrest counts where it was made, each person at one arrest alone: so people add up, and behind a number
-- of arrests there are never fewer people than are said to be.
person_year AS (
    SELECT
        counted_in,
        arrested_key,
        count(*) AS arrests_of_person,
        arg_min(arrest_key, (NOT had_outcome, event_date, arrest_key)) AS stands_at
    FROM eligible
    GROUP BY ALL
)

SELECT
    eligible.counted_in::VARCHAR AS period,
    eligible.dimensions.neighborhood AS neighborhood,
    eligible.dimensions.race AS race,
    eligible.dimensions.sex AS sex,
    eligible.dimensions.age_band AS age_band,
    CASE WHEN eligible.had_outcome THEN 'yes' ELSE 'no' END AS outcome,
    count(*) FILTER (WHERE eligible.arrest_key = person_year.stands_at) AS people,
    count(*) AS total,
    -- A person may stand in several rows, so each is taken for as large as in all of them.
    list_transform(
        list_sort(
            list(DISTINCT [person_year.arrests_of_person, person_year.arrested_key::BIGINT]), 'DESC'
        )[:2],
        lambda pair: pair[1]
    ) AS largest
FROM eligible
INNER JOIN person_year
    ON eligible.counted_in = person_year.counted_in AND eligible.arrested_key = person_year.arrested_key
GROUP BY ALL;
