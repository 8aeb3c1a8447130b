/*
unit = "nights per person-year"
population = "Everybody ever referred, followed from the first referral or, if referred out of jail, from the release."
within = ["people_referred"]
caution = "People are referred when things are bad, so part of a fall would come without any program; this does not measure an effect."
needs = ["jail_stay.released_at or jail_roster.seen_on", "jail_stay.participants"]
sources = ["referral", "jail_stay"]
looks_back = { jail_stay = 365 }
records = "referral"
place = "where the person was first referred"
estimator = "rate_per_person_year"
version = 2

[metrics.jail_nights_before]
title = "Jail nights in the year before referral, people referred"
definition = "Nights in jail in the 365 days before the first referral, for each 365 days of the people first referred in the period."
part = "before"
method = "Total nights / total person-days x 365; interval by resampling people. Referred out of jail: counted from the release."

[metrics.jail_nights_after]
title = "Jail nights in the year after referral, people referred"
definition = "Nights in jail in the 365 days from the first referral on, for each 365 days observed of the people first referred in the period."
part = "after"
method = "Total nights / total person-days observed x 365, days ending with death and with the data; interval by resampling people."

[metrics.jail_nights_before_full_years]
title = "Jail nights in the year before referral, people referred with a full year on both sides"
definition = "Nights in jail in the 365 days before the first referral, per person of those first referred in the period who have been followed for the full year."
population = "Everybody ever referred whose year after the first referral (out of jail: after the release) is over."
part = "before"
horizon_days = 365
method = "As jail_nights_before, only people whose 365 days after are over."

[metrics.jail_nights_after_full_years]
title = "Jail nights in the year after referral, people referred with a full year on both sides"
definition = "Nights in jail in the 365 days from the first referral on, per person of those first referred in the period who have been followed for the full year."
population = "Everybody ever referred whose year after the first referral (out of jail: after the release) is over."
part = "after"
horizon_days = 365
method = "As jail_nights_after, only people whose 365 days after are over."

[metrics.jail_nights_change]
title = "Change in jail nights from the year before referral to the year after, people referred"
definition = "Nights in jail for each 365 days observed after the first referral, less those for each 365 days before it, of the people first referred in the period."
estimator = "rate_change"
method = "After less before, below zero where there are fewer nights; interval by resampling people with both their years."
version = 1
*/
SELECT * FROM nights_before_and_after($filters);
