/*
title = "Arrests diverted"
unit = "arrests"
definition = "Arrests dated in the period in which the person was handed to LEAD at the arrest, leaving out charges known to be off the list."
population = "Every arrest in the police extract."
within = ["arrests"]
caution = "Referrals by social contact have no arrest behind them: never add the two into arrests avoided."
needs = ["arrest.is_diverted or referral.arrest_id"]
sources = ["arrest"]
records = "arrest"
filters = ["place"]
place = "where the arrest was made"
method = "Count of arrests by local date; diverted by the arrest's own mark, else because an arrest-diversion referral names the arrest."
*/
SELECT
    arrest.period,
    arrest.category,
    arrest.second_category,
    known_people(arrest.person_key) AS people,
    count(*) AS events
FROM events_in_view('program.diversion', $filters) AS arrest
GROUP BY ALL;
