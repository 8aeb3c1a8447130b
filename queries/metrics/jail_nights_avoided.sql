/*
population = "Every diverted arrest; for what such arrests led to before, every eligible arrest of the year before LEAD."
within = ["arrests_diverted"]
caution = "A calculation, not a count: what similar arrests led to before LEAD may not be what these would have led to. Provisional until the diversions are a year old. Nights that followed are taken off for every diverted arrest, also for charges that nobody was arrested for in the year before LEAD, which add none: where there are such, the net is likely too low."
needs = ["arrest.is_diverted or referral.arrest_id", "arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges", "arrest.is_booked or arrest.person_id or jail_stay.arrest_id", "jail_stay.arrests", "jail_stay.released_at or jail_roster.seen_on"]
sources = ["arrest", "jail_stay", "referral"]
records = "arrest"
filters = ["place"]
place = "where the arrest was made"
method = "Sum over charge classes of diverted arrests x share booked x mean stay (restricted to 365 nights) in the baseline year, less nights on the diverted arrests; interval from 10,000 draws. Booked to the day of the diversion. Charges that are on the list today count in the baseline too. Of fewer than 30 arrests (stays), one more arrest (stay) of the average of all classes is added, a prior of unit information. Where no stay can be attributed to any arrest, those that the jail files under a class stand in for its own. The interval holds what chance does to the baseline and the stays; what another choice of baseline does stands beside it."
version = 4

[metrics.jail_nights_avoided]
title = "Jail nights avoided by diversion, estimated"
unit = "nights"
definition = "Nights in jail that the arrests diverted in the period would have led to if booked as often and as long as eligible arrests of their charge class in the year before LEAD, less the nights that followed on the same arrests within 365 days."
estimator = "nights_avoided"

[metrics.jail_nights_avoided_by_bookings]
title = "Jail nights avoided if bookings had been rarer or more common"
unit = "nights"
definition = "Jail nights avoided by diversion in the period, with the part of their uncertainty that comes from how many arrests were booked in the year before LEAD."
estimator = "nights_avoided"
part = "booking"

[metrics.jail_nights_avoided_by_stays]
title = "Jail nights avoided if stays had been shorter or longer"
unit = "nights"
definition = "Jail nights avoided by diversion in the period, with the part of their uncertainty that comes from how long people stayed in the year before LEAD."
estimator = "nights_avoided"
part = "stay"

[metrics.bookings_avoided]
title = "Bookings avoided by diversion, estimated"
unit = "bookings"
definition = "Arrests diverted in the period that would have led to a booking if booked as often as eligible arrests of their charge class in the year before LEAD."
caution = "A calculation, not a count: what similar arrests led to before LEAD may not be what these would have led to."
needs = ["arrest.is_diverted or referral.arrest_id", "arrest.is_charge_eligible or arrest.charge_class", "arrest.is_charge_eligible or site.eligible_charges", "arrest.is_booked or arrest.person_id or jail_stay.arrest_id", "arrest.is_booked or jail_stay.arrests", "arrest.is_booked or jail_stay.released_at or jail_roster.seen_on"]
optional = ["jail_stay", "referral"]
estimator = "bookings_avoided"
method = "Sum over charge classes of diverted arrests x share booked in the baseline year; the rest would have been cited and released. Shares and interval are those of jail_nights_avoided. Numerator and denominator: arrests of these classes booked, and all of them, in the baseline year."
version = 1

[metrics.jail_beds_avoided]
title = "Jail beds avoided by diversion, estimated"
unit = "beds"
definition = "Jail nights avoided by diversion in the period, divided by the number of its nights: beds empty on an average night."
estimator = "beds_avoided"
*/
SELECT * FROM diversions_against_baseline($filters);
