loop-title = Does the loop close?
loop-lead = Of the people referred, who was served, and who says so?
loop-period = Period
loop-own = What you can see
loop-own-hint = Referrals sent by your units. Each figure opens the list behind it.
loop-verified-rate = Served, confirmed by the person
loop-served-rate = Served, as providers report
loop-rates-explained = The first counts referrals whose outcome is due, less those it was agreed not to ask about and those the person no longer wanted. The second counts all that were sent. Both describe the system, never a worker.
loop-trend = Confirmed by the person, month by month.
loop-funnel = From sent to confirmed
loop-stage = Step
loop-count = Referrals
loop-days = Days: median / 9 in 10
loop-stage-sent = Sent
loop-stage-answered = Answered
loop-stage-accepted = Accepted
loop-stage-served = Served
loop-stage-verified = Confirmed by the person
loop-by-month = By month of sending
loop-by-need = By need
loop-month = Month
loop-need = Need
loop-immature = * This month can still change: some outcomes, or the time to ask about them, are yet to come.
loop-empty = No referrals in this period.
loop-empty-next = Choose a longer period, or refer someone from their case.
loop-wide = Beyond what you can see
loop-wide-hint = Counted once an hour. Small numbers are hidden, protected case types rounded to five, restricted ones left out. These figures open nothing.
loop-wide-empty = Nothing counted yet.
loop-wide-empty-next = The first count runs within the hour.
loop-everybody = All organisations
loop-cut = Part
loop-cut-month = By month
loop-cut-need = By need
loop-cut-to-org = By receiving organisation
loop-cut-area = By place
loop-sensitivity-standard = standard cases
loop-sensitivity-protected = protected cases
loop-outside = Outside the system
loop-no-area = Place not recorded
loop-hidden = hidden
loop-list-title = Referrals behind this figure
loop-list-lead = Only those you may see, newest first, at most 500.
loop-list-code = Code
loop-list-need = Need
loop-list-to = Referred to
loop-list-sent = Sent
loop-list-state = Status
loop-state-draft = Draft
loop-state-requested = Sent
loop-state-accepted = Accepted
loop-state-in-progress = In progress
loop-state-on-hold = On hold
loop-state-rejected = Declined
loop-state-completed = Served
loop-state-failed = Not possible
loop-state-cancelled = Cancelled
loop-state-entered-in-error = Entered in error
loop-months = { $months ->
    [one] { $months } month
   *[other] { $months } months
}
loop-not-asked = { $count ->
    [one] Agreed not to ask: { $count }.
   *[other] Agreed not to ask: { $count }.
}
loop-not-wanted = No longer wanted: { $count }.
