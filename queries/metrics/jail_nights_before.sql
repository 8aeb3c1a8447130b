/*
title = "Jail nights in the year before referral, participants"
unit = "nights per person-year"
needs = ["jail_stay.released_at or jail_roster.seen_on"]
sources = ["referral", "jail_stay"]
breakdowns = ["race", "race_alone_or_in_combination", "sex", "age_band", "pathway", "neighborhood", "charge_class", "source_agency"]
place = "where the person was first referred"
definition = "Nights in jail in the 365 days before the first referral, for each 365 days of the people first referred in the period."
population = "Everybody ever referred, from the first referral; who was referred out of jail, from the release."
within = ["people_referred"]
caution = "People are referred when things are bad, so part of such a fall comes without any program; this is no measure of effect."
estimator = "rate_per_person_year"
part = "before"
method = "Total nights / total person-days x 365; interval by resampling people. Referred out of jail: counted from the release."
version = 2
*/
SELECT *
FROM nights_before_and_after(FALSE, $filters);
