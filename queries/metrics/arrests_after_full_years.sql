/*
title = "Arrests in the year after referral, participants with a full year on both sides"
unit = "arrests per person-year"
definition = "Arrests in the 365 days from the first referral on, for each 365 days at liberty, of the people first referred in the period who have been followed for the full year. The arrests of that day are left out."
population = "Everybody ever referred whose year after the first referral is over; who was referred out of jail, from the release."
within = ["people_referred"]
caution = "People are referred when things are bad, so part of a fall comes without any program; this is no measure of effect. Contact with police, not behavior; arrests elsewhere are not seen."
needs = ["arrest.person_id", "jail_stay.released_at or jail_roster.seen_on"]
sources = ["referral", "arrest", "jail_stay"]
breakdowns = ["race", "race_alone_or_in_combination", "sex", "age_band", "pathway", "neighborhood", "charge_class", "source_agency"]
place = "where the person was first referred"
estimator = "rate_per_person_year"
part = "after"
horizon_days = 365
method = "Total arrests / total days not spent in jail x 365, since nobody inside can be taken in again; interval by resampling people."
*/
SELECT *
FROM events_before_and_after('program.arrest', $filters);
