month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
when-today = today
when-tomorrow = tomorrow
when-yesterday = yesterday
when-in-days = { $count ->
    [one] in { $count } day
   *[other] in { $count } days
}
when-in-months = { $count ->
    [one] in { $count } month
   *[other] in { $count } months
}
when-in-years = in more than 2 years
when-ago-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
when-ago-months = { $count ->
    [one] { $count } month ago
   *[other] { $count } months ago
}
when-ago-years = more than 2 years ago
when-due-now = due now
when-overdue-hours = { $count ->
    [one] overdue by { $count } hour
   *[other] overdue by { $count } hours
}
when-overdue-days = { $count ->
    [one] overdue by { $count } day
   *[other] overdue by { $count } days
}
when-overdue-months = { $count ->
    [one] overdue by { $count } month
   *[other] overdue by { $count } months
}
when-overdue-years = overdue by more than 2 years
age-years = { $years ->
    [one] { $years } year
   *[other] { $years } years
}
age-about = { $years ->
    [one] about { $years } year
   *[other] about { $years } years
}
nav-my-day = My day
nav-cases = Cases
nav-people = People
nav-inbox = Inbox
nav-referrals = Referrals
nav-services = Services
nav-loop = Loop
nav-protection = Data protection
nav-admin = Administration
sign-in-title = Sign in
sign-in-heading = Sign in
sign-in-login = User name
sign-in-password = Password
sign-in-go = Sign in
sign-in-locked-out = Can't get in? Ask your organisation's administrator for a new password.
account-title = My account
account-lang = Language
account-digits = Digits
account-save = Save
account-saved = Saved.
account-change-password = Change password
account-sessions = Where you are signed in
account-device = Device
account-since = Since
account-seen = Last used
account-end-sessions = Sign out everywhere
account-end-sessions-what = Ends every session of yours, this one too.
password-title = Password
password-lead = A new password ends your sessions on other devices.
password-old = Current password
password-new = New password
password-hint = At least 10 characters. Three or four unrelated words are easy to remember and hard to guess.
password-save = Change password
password-saved = Your password is changed.
error-required = Fill this in.
error-too-long = This is too long.
error-not-text = This is not text.
error-not-understood = This could not be understood.
error-not-a-choice = Choose one of the answers.
error-not-a-date = Write a date such as 2026-11-24 or 24/11/2026.
error-not-a-moment = Write the date as 30/12/2026 14:00.
error-too-large = This file is too large.
error-sign-in = User name or password is wrong.
error-locked-down = Your organisation is locked down. Until that is lifted only its administrators can sign in.
error-password-short = Use at least 10 characters.
error-password-common = This password is easily guessed. Choose another.
error-password-wrong = This is not your current password.
error-page-not-found-heading = Not found
error-page-not-found-words = There is nothing here that you may see. If somebody sent you here, ask them to check the address.
error-page-forbidden-heading = Not allowed
error-page-forbidden-words = Your role does not allow this. Your supervisor or administrator can tell you who may.
error-page-in-for-task-heading = For a task only
error-page-in-for-task-words = You were let in to this case for a task that was handed to you. Do that task; whoever keeps the case does everything else.
error-page-forged-heading = Please try again
error-page-forged-words = This form was open for too long or came from another page. Nothing was changed. Go back, reload the page and send it again.
error-page-invalid-heading = Something is missing
error-page-invalid-words = Some of what was sent could not be used. Nothing was changed. Go back and check the form.
error-page-too-large-heading = This is too much at once
error-page-too-large-words = Nothing was changed. Go back, write less or in several parts, and send it again.
error-page-stale-heading = This changed meanwhile
error-page-stale-words = This record was changed meanwhile, by somebody else or by you in another window. Nothing of this form was saved. Go back, reload, and look before you send it again.
error-page-state-heading = This is no longer possible
error-page-slow-heading = Please wait
error-page-slow-words = { $seconds ->
    [one] Too many tries. Wait { $seconds } second, then try again.
   *[other] Too many tries. Wait { $seconds } seconds, then try again.
}
error-page-broken-heading = Something went wrong
error-page-broken-words = The fault is ours. Nothing was changed; what was saved before is safe. Try again in a moment.
error-page-reference = If you ask for help, quote { $code }.
error-page-way-on = Go to my day
error-page-back = Back to where you were
conflict-title = Somebody changed this meanwhile
conflict-title-own = You changed this meanwhile, in another window
conflict-lead = Nothing you typed is lost. Choose for each field, then save.
conflict-mine = Mine
conflict-theirs = Saved meanwhile
conflict-empty = empty
conflict-save = Save what is chosen
conflict-save-mine = Save what I typed
conflict-keep-mine = Keep all of mine
conflict-take-theirs = Take what was saved
conflict-leave = Leave without saving
conflict-by = Changed by
conflict-join = Both, joined by hand
conflict-by-hand = Joined by hand, beginning with mine
conflict-untouched = You had left these as they were. What was saved meanwhile stays; save what you typed beside it.
conflict-elsewhere = What changed is not in this form. Look at it, then save yours.
conflict-look = Look at what changed
conflict-choose = Choose one of these.
error-page-typed = What you typed
error-page-typed-what = It was not saved. Copy it from here if you want to keep it: it is nowhere else.
conflict-yes = yes
conflict-no = no
error-page-full-heading = Nothing can be saved right now
error-page-full-words = The disk of this service is nearly full, so nothing new is written. Reading goes on. Tell whoever runs the service to make room; then send this again.
error-look-again = Nothing was saved yet. Look through it and send it once more.
saved-already = This was saved already, and nothing was done twice. To do the same a second time, open the page anew.
nav-transfers = Transfers
nav-team = Team
paper-lang = Language of the paper
paper-safe = The person says it is safe to carry and to keep
error-safe-to-carry-first = Ask the person whether it is safe to carry and to keep, and tick it; where it isn’t, print nothing.
