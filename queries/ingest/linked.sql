-- Gives rows the person that person_link names. A source that has links, and HMIS, number people
-- their own way: their unlinked people are set apart from equal numbers elsewhere.
SELECT line.* EXCLUDE (link_source, own_numbers) REPLACE (
    CASE
        -- An arrest of somebody unknown: nobody to set apart.
        WHEN line.person_id IS NULL THEN NULL
        WHEN link.person_id IS NOT NULL THEN link.person_id
        WHEN line.own_numbers IS NOT NULL THEN line.own_numbers || ': ' || line.person_id
        ELSE line.person_id
    END AS person_id,
    line.own_numbers IS NOT NULL AND line.person_id IS NOT NULL AND link.person_id IS NULL AS is_unlinked
)
FROM line
LEFT JOIN candidate.person_link AS link
    ON line.link_source = lower(link.source) AND line.person_id = link.source_person_id
