-- Gives rows the person that links and merges name. `numbering`: whose numbers they are, '' where all number people
-- alike; `own_numbers`: what unlinked people of a source that numbers them its own way are set apart by.
SELECT line.* EXCLUDE (numbering, own_numbers) REPLACE (
    CASE
        -- An event of somebody unknown: nobody to set apart.
        WHEN line.person_id IS NULL THEN NULL
        WHEN line.own_numbers IS NOT NULL AND link.is_link IS NOT TRUE
            THEN line.own_numbers || ': ' || coalesce(link.person_id, line.person_id)
        ELSE coalesce(link.person_id, line.person_id)
    END AS person_id,
    line.own_numbers IS NOT NULL AND line.person_id IS NOT NULL AND link.is_link IS NOT TRUE AS is_unlinked
)
FROM line
LEFT JOIN candidate.link AS link
    ON line.numbering = link.numbering AND line.person_id = link.number
