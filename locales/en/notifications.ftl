notifications-title = My notifications
notifications-read-all = Mark all as read
notifications-preferences = Choose what to hear
notifications-filters = Filter
notifications-none = Nothing here
notifications-none-next = You hear here when something happens that you should know: an answer to a referral, a case assigned to you.
notifications-new = New
notifications-open = Open
notifications-unread = Unread
notifications-group-urgent = Urgent
notifications-group-referrals = Referrals
notifications-group-cases = Cases
notifications-all-read = Everything is marked as read.
notifications-preferences-lead = Urgent ones always come: somebody's safety, a missed deadline, withdrawn consent.
notifications-hear = Tell me when
notification-break-glass-used = Emergency access was used
notification-case-safety-action-missing = No safety action was logged in time
notification-worker-threat-logged = A worker was threatened
notification-consent-withdrawn = Consent was withdrawn: stop sharing
notification-packet-deletion-asked = Stop using and delete what was shared
notification-referral-escalated = A referral's deadline has passed
notification-referral-in-review = A draft referral waits for your review
notification-referral-returned = Your draft referral was returned
notification-referral-approved = Your draft referral was approved
notification-referral-submitted = A referral has arrived
notification-referral-assigned = A referral was assigned to you
notification-referral-acknowledged = Receipt of your referral was acknowledged
notification-referral-accepted = Your referral was accepted
notification-referral-declined = Your referral was declined
notification-referral-held = A referral waits or is on hold
notification-referral-started = The service has begun
notification-referral-scheduled = An appointment was made or changed
notification-referral-noted = There is news on a referral
notification-referral-completed = The service was given
notification-referral-taken-over = The case was taken over
notification-referral-failed = The service could not be given
notification-referral-cancelled = A referral was cancelled
notification-referral-cancellation-asked = The sender asks to cancel a referral
notification-referral-entered-in-error = A referral was sent by mistake
notification-referral-amended = A referral was supplemented
notification-letter-dropped = A letter was held back and did not go out
notification-referral-message = A message on a referral
notification-referral-loop-moved = Whether the service was received was asked or answered
notification-referral-reminder = A referral is due soon
notification-referral-due = A referral is due
notification-case-assigned = A case was assigned to you
notification-case-reclassified = A case of yours changed its type
notification-case-reopened = A case of yours was re-opened
notification-case-risk-set = A risk level was set
notification-case-safety-action = A safety action was logged
notifications-group-tasks = Tasks
notification-task-added = A new task for you
notification-task-assigned = A task was given to you
notification-task-overdue = A task is overdue
notifications-by-due = By due date
notifications-programmes = Programme
notifications-due-soon = Overdue and next month
notifications-due-newest = Newest first
notifications-due-overdue = Overdue
notifications-due-today = Today
notifications-due-week = Next 7 days
notifications-due-month = Next month
notifications-due-all = All
notifications-due-done = Done
notifications-part-overdue = Overdue
notifications-part-due = Due
notifications-part-undated = For your information
notifications-mark-done = Mark done
notifications-not-done = Not done after all
notifications-marked = Marked as done.
notifications-unmarked = It waits for you again.
digest-question = A message that says how much waits
digest-hint = It goes to { $address } in the morning of a working day when something waits. It holds numbers only: no names, no codes. If your address changes, it ends.
digest-no-address = You have no mail address here; an administrator can add it. Until then nothing is sent to you.
digest-never = Never
digest-daily = Every working day
digest-weekly = On the first working day of the week
digest-subject = What waits for you
digest-greeting = Good morning. This waits for you:
digest-overdue = overdue tasks: { $count }
digest-today = tasks for today: { $count }
digest-inbox = tasks in your unit that nobody has taken: { $count }
digest-answers = referrals that wait for an answer: { $count }
digest-unread = notifications you have not read: { $count }
digest-sign-in = Sign in to see it:
digest-end = You chose to receive this. You can change it under Notifications, “Choose what to hear”.
error-address-changed = Your address changed meanwhile. Look at the new one, then choose again.
notification-case-transferred = A case was handed over to you
notification-case-transferred-away = A case of yours was taken over elsewhere
notification-away-where = { $cases }, now with { $to }
notification-transfer-submitted = A transfer waits for your decision
notification-transfer-approved = Your transfer request was agreed
notification-transfer-rejected = Your transfer request was declined
notification-transfer-ended = A transfer of yours has ended
notification-transfer-unattended = A transfer request waits, and nobody there may decide on it
notification-supervision-planned = A supervision session with you is planned
notification-supervision-called-off = A supervision session with you is called off
notification-conference-shared = Minutes of a conference were shared with your organisation
notification-conference-called-off = A conference that your organisation was asked to does not take place
notification-cover-started = { $count ->
    [0] You stand in for a colleague until { $day }. There are no cases yet
    [one] You stand in for a colleague until { $day }: { $count } case
   *[other] You stand in for a colleague until { $day }: { $count } cases
}
notification-cover-started-for-you = { $count ->
    [0] A colleague stands in for you until { $day }. There are no cases yet
    [one] A colleague stands in for you until { $day }: { $count } case
   *[other] A colleague stands in for you until { $day }: { $count } cases
}
notification-cover-for-good = { $count ->
    [one] You keep a colleague’s cases from now on: { $count } case
   *[other] You keep a colleague’s cases from now on: { $count } cases
}
notification-cover-for-good-for-you = { $count ->
    [one] A colleague keeps your cases from now on: { $count } case
   *[other] A colleague keeps your cases from now on: { $count } cases
}
notification-cover-ended = { $count ->
    [one] You no longer stand in for a colleague: { $count } case went back
   *[other] You no longer stand in for a colleague: { $count } cases went back
}
notification-cover-ended-for-you = { $count ->
    [one] Nobody stands in for you any more: { $count } case is yours again
   *[other] Nobody stands in for you any more: { $count } cases are yours again
}
notification-cover-referrals = { $count ->
    [one] { $count } incoming referral
   *[other] { $count } incoming referrals
}
notification-draft-discarded = A draft referral was discarded: its case was taken over elsewhere
notification-assessment-submitted = An assessment waits for approval
notification-assessment-approved = An assessment of a case of yours was approved
notification-assessment-returned = An assessment of a case of yours was given back
notification-quality-reviewed = A case of yours was reviewed
notification-plan-submitted = A plan waits for approval
notification-plan-approved = A plan of a case of yours was approved
notification-plan-returned = A plan of a case of yours was given back
notification-plan-words-replaced = A colleague put other words in the place of yours in a plan; yours are kept there
notification-closing-approved = The closing that you asked for was approved
notification-closing-returned = The closing that you asked for was given back
notification-correction-answered = A correction that you proposed was accepted or returned
notification-task-handed = A colleague asks you to do a task
notification-task-handed-back = A task came back to you
notification-task-handed-done = A task that you handed on is done
notification-approval-due-soon = An approval is due soon
notification-approval-escalated = An approval is overdue and went further up
notification-letter-lost = A letter came back: their copy never arrived
notifications-mailed = In the mail too
notifications-mailed-hint = “In the mail too” says which of it the mail that tells you how much waits counts as not read. It counts nothing that you don’t hear here; what is urgent always, and tasks and referrals that wait.
