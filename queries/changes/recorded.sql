-- Every record of a snapshot that a headline counts, somebody's or nobody's known: what it is of, whose, and of which
-- day. A case is left out: no headline counts it, and it would tell the day of an arrest a second time.
SELECT 'referral' AS source, person_key, event_date AS day FROM program.referral
UNION ALL
SELECT 'enrollment', person_key, event_date FROM program.enrollment
UNION ALL
SELECT 'contact', person_key, event_date FROM program.contact
UNION ALL
SELECT 'arrest', person_key, event_date FROM program.arrest
UNION ALL
SELECT 'stop', person_key, event_date FROM program.stop
UNION ALL
SELECT 'jail_stay', person_key, event_date FROM program.custody_episode
UNION ALL
SELECT 'housing', person_key, event_date FROM program.housing_system;
