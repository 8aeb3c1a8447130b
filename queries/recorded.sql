-- Every record of every source: the one list of the tables that say when something happened. Made at build, when
-- they are filled; whatever asks all sources asks this.
CREATE OR REPLACE TEMP VIEW recorded AS
SELECT 'referral' AS source, event_date, dimensions FROM program.referral
UNION ALL
SELECT 'enrollment' AS source, event_date, dimensions FROM program.enrollment
UNION ALL
SELECT 'contact' AS source, event_date, dimensions FROM program.contact
UNION ALL
SELECT 'legal_case' AS source, event_date, dimensions FROM program.legal_case
UNION ALL
SELECT 'arrest' AS source, event_date, dimensions FROM program.arrest
UNION ALL
SELECT 'stop' AS source, event_date, dimensions FROM program.stop
UNION ALL
SELECT 'jail_stay' AS source, event_date, dimensions FROM program.custody_episode
UNION ALL
SELECT 'housing' AS source, event_date, dimensions FROM program.housing_system
UNION ALL
-- Observations of people who do not count are records too; they have no dimensions.
SELECT 'living_situation' AS source, observed_on AS event_date, NULL AS dimensions
FROM export.living_situation;
