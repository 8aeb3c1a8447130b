/*
definition = "People arrested since $from_day whom nobody has linked, and those first referred from $from_day until before $next_day who are in no record of an arrest: with one number a person, only they can be among the unlinked."
people = [["unlinked", "without_record"]]
*/
SELECT
    (
        SELECT count(DISTINCT arrest.person_key)
        FROM program.arrest
        INNER JOIN program.person ON arrest.person_key = person.person_key
        WHERE person.is_unlinked AND arrest.event_date >= $from_day AND arrest.event_date < $until_day
    ) AS unlinked,
    count(*) AS without_record
FROM program.first_referral AS referral
WHERE
    referral.event_date >= $from_day
    AND referral.event_date < $next_day
    AND NOT EXISTS (FROM program.arrest AS known WHERE known.person_key = referral.person_key);
