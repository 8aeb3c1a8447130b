/*
title = "Change in jail nights from the year before referral to the year after, participants"
unit = "nights per person-year"
needs = ["jail_stay.released_at or jail_roster.seen_on"]
sources = ["referral", "jail_stay"]
breakdowns = ["race", "race_alone_or_in_combination", "sex", "age_band", "pathway", "neighborhood", "charge_class", "source_agency"]
place = "where the person was first referred"
definition = "Nights in jail for each 365 days observed after the first referral, less those for each 365 days before it, of the people first referred in the period."
population = "Everybody ever referred, from the first referral; who was referred out of jail, from the release."
within = ["people_referred"]
caution = "People are referred when things are bad, so part of such a fall comes without any program; this is no measure of effect. Below zero: fewer nights."
estimator = "rate_change"
method = "After less before; interval by resampling people with both their years."
*/
SELECT *
FROM nights_before_and_after(FALSE, $filters);
