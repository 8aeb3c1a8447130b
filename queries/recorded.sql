-- Every record of every source: the one list of the tables that say when something happened. Made at build, when
-- they are filled; whatever asks all sources asks this.
CREATE OR REPLACE TEMP VIEW recorded AS
SELECT 'referral' AS source, counted_on, traits FROM program.referral
UNION ALL
SELECT 'enrollment' AS source, counted_on, traits FROM program.enrollment
UNION ALL
SELECT 'contact' AS source, counted_on, traits FROM program.contact
UNION ALL
SELECT 'arrest' AS source, counted_on, traits FROM program.arrest
UNION ALL
SELECT 'stop' AS source, counted_on, traits FROM program.stop
UNION ALL
SELECT 'jail_stay' AS source, counted_on, traits FROM program.custody_episode
UNION ALL
SELECT 'housing' AS source, counted_on, traits FROM program.housing_system
UNION ALL
-- Observations of people who do not count are records too; they have no dimensions.
SELECT 'living_situation' AS source, observed_on AS counted_on, NULL AS traits FROM export.living_situation;
