-- An arrest of a source that numbers arrests its own way is found by the plain number that referrals and stays
-- carry, if one such source has it and no other arrest is called so.
CREATE TEMP TABLE carried_number AS
SELECT
    substr(arrest_id, strpos(arrest_id, '|') + 1) AS plain,
    min(arrest_id) AS arrest_id
FROM raw.arrest
WHERE
    list_contains($numbers::INTEGER[], file_number)
    AND substr(arrest_id, strpos(arrest_id, '|') + 1) NOT IN (
        SELECT other.arrest_id
        FROM raw.arrest AS other
        WHERE other.arrest_id IS NOT NULL
    )
GROUP BY plain
HAVING count(DISTINCT arrest_id) = 1;

UPDATE raw.referral SET arrest_id = carried_number.arrest_id
FROM carried_number
WHERE raw.referral.arrest_id = carried_number.plain;

UPDATE raw.jail_stay SET arrest_id = carried_number.arrest_id
FROM carried_number
WHERE raw.jail_stay.arrest_id = carried_number.plain;
