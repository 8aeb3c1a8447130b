/*
title = "Jail nights in the year after referral, participants with a full year on both sides"
unit = "nights per person-year"
needs = ["jail_stay.released_at or jail_roster.seen_on"]
sources = ["referral", "jail_stay"]
breakdowns = ["race", "race_alone_or_in_combination", "sex", "age_band", "pathway", "neighborhood", "charge_class", "source_agency"]
place = "where the person was first referred"
definition = "Nights in jail in the 365 days from the first referral on, per person of those first referred in the period who have been followed for the full year."
population = "Everybody ever referred whose year after the first referral is over; who was referred out of jail, from the release."
within = ["people_referred"]
caution = "People are referred when things are bad, so part of such a fall comes without any program; this is no measure of effect."
estimator = "rate_per_person_year"
part = "after"
horizon_days = 365
method = "As jail_nights_after, only people whose 365 days after are over."
version = 2
*/
SELECT *
FROM nights_before_and_after(TRUE, $filters);
