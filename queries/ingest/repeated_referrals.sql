-- Referrals 0 to 7 days after the last kept one of the same person and pathway.
-- The day of the last kept one decides, not of the last one: hence the walk along the days.
WITH kept AS (
    SELECT
        person_id,
        pathway,
        list_reduce(
            list(DISTINCT referred_on ORDER BY referred_on),
            LAMBDA days, day: CASE WHEN day > days[-1] + 7 THEN list_append(days, day) ELSE days END,
            [min(referred_on)]
        ) AS kept_days
    FROM accepted.referral
    GROUP BY person_id, pathway
),

ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person_id, pathway, referred_on
            ORDER BY intake_completed_on, approved_on, arrest_id, referral_id
        ) AS place_in_day
    FROM accepted.referral
)

SELECT
    ranked.file_number,
    ranked.row_number
FROM ranked
INNER JOIN kept
    ON ranked.person_id = kept.person_id AND ranked.pathway IS NOT DISTINCT FROM kept.pathway
WHERE ranked.place_in_day > 1 OR NOT list_contains(kept.kept_days, ranked.referred_on);
