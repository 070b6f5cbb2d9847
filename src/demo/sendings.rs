//! Six hundred referrals, sent and answered as the rules allow, with everything that is stored beside them.
use chrono::{DateTime, TimeDelta, Utc, Weekday};
use serde_json::{Value, json};
use uuid::Uuid;

use super::casework::CaseFile;
use super::cast::{answers_for, is_above, member_of, org_of, user};
use super::chance::Chance;
use super::courses::Course;
use super::notes;
use super::paper;
use super::services::Service;
use super::tables::{Tables, bytes};
use super::trip::{self, Departure, Trip};
use crate::packs::{Pack, Sensitivity};
use crate::platform::ids::UserId;
use crate::platform::seal::{DataKey, Keyring};
use crate::referrals::clocks::watch::{Clockwork, Holders};
use crate::referrals::referral::{Move, State};
use crate::referrals::words::{Approval, DisputeSharing, FollowUp, Kind, Priority, Sequel, Served, Side, Status};
use crate::tasks::calendar::Calendar;

// As many tasks may be late before a worker is spared.
const HANDFUL: usize = 6;

/// The need that is met in money.
pub const CASH: &str = "cash";

/// A referral that was made, with all that its rows need.
pub struct Sending<'a> {
    /// Its id.
    pub id: Uuid,
    /// The case it is written from.
    pub file: &'a CaseFile,
    /// What is asked for.
    pub service: &'a Service,
    /// How it goes.
    pub course: Course,
    /// Who writes it.
    pub author: &'static str,
    /// Who approves it.
    pub reviewer: &'static str,
    /// Who answers it.
    pub receiver: &'static str,
    /// Where it stands.
    pub state: State,
    /// Every step, and who took it.
    pub log: Vec<(Move, &'static str)>,
    /// When it was begun.
    pub written_at: DateTime<Utc>,
    /// The consent under which it goes.
    pub consent: Option<Uuid>,
    /// Seals its words.
    pub key: DataKey,
}

impl Sending<'_> {
    /// The receiving unit, where somebody of the system receives.
    pub fn to_unit(&self) -> Option<i32> {
        (!self.course.is_outside()).then_some(self.service.unit)
    }

    /// It asks for money, and says no more than that needs (S26).
    pub fn is_cash(&self) -> bool {
        self.service.need == CASH
    }
}

/// Adds every referral with its moves, packets, appointments, tasks and notifications.
pub fn add(
    tables: &mut Tables,
    chance: &mut Chance,
    (keyring, pack): (&Keyring, &Pack),
    (cases, services): (&[CaseFile], &[Service]),
    shares: &[(usize, Course)],
) -> anyhow::Result<()> {
    let week_end = [Weekday::Fri, Weekday::Sat];
    let calendar =
        Calendar::new(chrono_tz::Asia::Amman, &week_end, []).map_err(|_| anyhow::anyhow!("a week has working days"))?;
    let clockwork = Clockwork::new(Some(pack), calendar.clone(), calendar);
    for &(count, course) in shares {
        for nth in 0..count {
            // Every desk that people look at first gets its part of every course.
            let Some((file, service)) = pair(tables, chance, (cases, services), course, nth) else { continue };
            let sending = send(tables, chance, keyring, file, service, course)?;
            add_row(tables, chance, &clockwork, &sending);
            paper::add(tables, chance, (keyring, pack), &sending);
            add_tasks(tables, chance, &clockwork, &sending);
        }
    }
    Ok(())
}

fn pair<'a>(
    tables: &Tables,
    chance: &mut Chance,
    (cases, services): (&'a [CaseFile], &'a [Service]),
    course: Course,
    nth: usize,
) -> Option<(&'a CaseFile, &'a Service)> {
    let earliest = chance.now - TimeDelta::days(course.days_ago().0.max(1));
    let fits = |file: &&CaseFile| {
        let open = file.closed_at.is_none_or(|closed| closed > earliest + TimeDelta::days(40));
        file.consent.is_some()
            && open
            && file.consented_at < earliest
            && (file.sensitivity != Sensitivity::Restricted || restricted_goes(course))
    };
    // Whoever is late with a handful already gets nothing more that waits for them, whatever the day of the week.
    let now = chance.now;
    let spared = |file: &&CaseFile| !course.waits_for_sender() || tables.late(user(file.worker()), now) < HANDFUL;
    let all: Vec<&CaseFile> = cases.iter().filter(fits).filter(spared).collect();
    let hers: Vec<&CaseFile> = all.iter().copied().filter(|file| file.manager == Some("amina")).collect();
    let pool = if nth.is_multiple_of(3) && !hers.is_empty() { hers } else { all };
    if pool.is_empty() {
        return None;
    }
    let file = *chance.one(&pool);
    let child = file.age(now.date_naive()) < 18;
    let pays = |service: &Service| service.need != CASH || !(child || course.is_emergency());
    let suits = |service: &&Service| offers(service, file, course) && pays(service) && !(child && is_for_adults(service));
    let wanted: Vec<&Service> = services.iter().filter(suits).collect();
    let at_the_clinic: Vec<&Service> = wanted.iter().copied().filter(|service| service.unit == 21).collect();
    let wanted = if nth % 4 == 1 && !at_the_clinic.is_empty() { at_the_clinic } else { wanted };
    if wanted.is_empty() { None } else { Some((file, *chance.one(&wanted))) }
}

fn restricted_goes(course: Course) -> bool {
    matches!(
        course,
        Course::Verified
            | Course::AwaitingPerson
            | Course::NotAsked
            | Course::JustSent
            | Course::Accepted
            | Course::Running
            | Course::Declined
    )
}

// What a unit does itself it does not refer; restricted cases go only where a named focal point answers.
fn offers(service: &Service, file: &CaseFile, course: Course) -> bool {
    let elsewhere = service.unit != file.unit;
    let restricted = file.sensitivity == Sensitivity::Restricted;
    let focal =
        matches!(service.unit, 15 | 22) && matches!(service.need, "gbv_response" | "safe_accommodation" | "mental_health");
    let guarded = matches!(service.need, "gbv_response" | "safe_accommodation");
    elsewhere
        && (restricted == focal || (!restricted && !guarded))
        && (!restricted || focal)
        && !(course.is_outside() && restricted)
}

fn is_for_adults(service: &Service) -> bool {
    let named = ["adults", "caregivers", "older", "Maternal", "Marriage"].iter().any(|word| service.name.contains(word));
    named || service.need == "livelihood"
}

fn send<'a>(
    tables: &mut Tables,
    chance: &mut Chance,
    keyring: &Keyring,
    file: &'a CaseFile,
    service: &'a Service,
    course: Course,
) -> anyhow::Result<Sending<'a>> {
    let (last, first) = course.days_ago();
    let days = chance.between(last, first);
    let mut written_at = chance.days_ago(days).max(file.consented_at);
    if let Some(closed) = file.closed_at {
        written_at = written_at.min(closed - TimeDelta::days(35)).max(file.consented_at);
    }
    let kind = match course {
        Course::OnBehalf => Kind::External,
        Course::Oneself => Kind::SelfReferral,
        _ if org_of(service.unit) == org_of(file.unit) => Kind::Internal,
        _ => Kind::Partner,
    };
    let departure = departure(chance, file, service, course, kind);
    let author = file.worker();
    let reviewer = file.supervisor.filter(|who| *who != author).unwrap_or(reviewer_of(file.unit, author));
    let restricted = file.sensitivity == Sensitivity::Restricted;
    let receiver = if restricted && service.unit == 22 { "hana" } else { answers_for(service.unit) };
    let id = chance.id(written_at);
    let mut trip = Trip::begin(chance, written_at, departure, [author, reviewer, receiver]);
    course.take(&mut trip).map_err(|error| error.context(format!("the course {course:?}")))?;
    let (mut state, log, ended) = (trip.state, std::mem::take(&mut trip.log), trip.at);
    // What was refused more than a few days ago has been talked over since.
    if state.sequel == Sequel::Owed && ended < chance.now - TimeDelta::days(3) {
        state.sequel = Sequel::Settled;
    }
    let consent = if course.is_withdrawn() {
        let ends = Some(course == Course::Withdrawn);
        Some(notes::add_withdrawn(tables, chance, file, ended, ends))
    } else {
        file.consent
    };
    let key = tables.new_key(keyring, id, Some(file.id));
    Ok(Sending { id, file, service, course, author, reviewer, receiver, state, log, written_at, consent, key })
}

fn departure(chance: &mut Chance, file: &CaseFile, service: &Service, course: Course, kind: Kind) -> Departure {
    let review = file.always_reviewed || matches!(course, Course::InReview | Course::Returned);
    let approval = if review { Approval::Needed } else { Approval::NotNeeded };
    let served = if file.for_household { Served::Household } else { Served::Persons };
    let ways = [(6, FollowUp::WithWorker), (4, FollowUp::Call)];
    let restricted = file.sensitivity == Sensitivity::Restricted;
    Departure {
        terms: trip::terms(kind, file.sensitivity, approval, served),
        priority: if course.is_emergency() {
            Priority::Emergency
        } else {
            chance.weighed(&[(2, Priority::Urgent), (9, Priority::Normal)])
        },
        follow_up: if restricted { FollowUp::WithWorker } else { chance.weighed(&ways) },
        child: file.age(chance.now.date_naive()) < 18,
        need: service.need,
        high_risk: file.risk == "high",
    }
}

fn add_row(tables: &mut Tables, chance: &mut Chance, clockwork: &Clockwork, sending: &Sending<'_>) {
    let parts = [wanted(chance, sending), agreed(chance, sending), clocks(chance, clockwork, sending), ending(chance, sending)];
    let row: serde_json::Map<String, Value> = parts.into_iter().filter_map(|part| part.as_object().cloned()).flatten().collect();
    tables.add("referrals", Value::Object(row));
    tables.add(
        "referral_people",
        json!({ "id": chance.id(sending.written_at), "referral_id": sending.id, "person_id": sending.file.person.id }),
    );
}

// Who asks whom for what.
fn wanted(chance: &mut Chance, sending: &Sending<'_>) -> Value {
    let (state, file) = (&sending.state, sending.file);
    json!({
        "id": sending.id, "started_from": file.record.filter(|_| sending.course.starts_from_record()), "public_id": chance.public_id(), "code": chance.code('R'), "kind": state.terms.kind.code(), "case_id": file.id,
        "case_type": file.case_type, "from_org": org_of(file.unit), "from_unit": file.unit, "to_unit": sending.to_unit(),
        "to_org": sending.to_unit().map(org_of), "to_name": if sending.course == Course::OnBehalf { "Harbour Bar Association" } else { "" },
        "service_id": sending.to_unit().map(|_| sending.service.id), "service_name": sending.service.name, "need": sending.service.need,
        "area": if sending.is_cash() { "" } else { file.household.area },
        "priority": state.terms.priority.code(), "status": state.status.code(), "step": state.step.code(), "loop": state.closing.state.code(), "author": user(sending.author), "hands": [user(sending.author)],
        "version": sending.log.len().max(1), "recorded_at": sending.written_at,
    })
}

// What was agreed when it was written.
fn agreed(chance: &mut Chance, sending: &Sending<'_>) -> Value {
    let (state, terms) = (&sending.state, &sending.state.terms);
    let emergency = sending.course.is_emergency();
    let child = sending.file.age(chance.now.date_naive()) < 18;
    json!({
        "needs_review": terms.approval == Approval::Needed, "confirm_way": terms.follow_up.map(|way| way.code()),
        "confirm_tries": state.closing.tries, "tell_provider_disputed": terms.dispute_sharing == DisputeSharing::Agreed,
        "safe_for_person": true, "safe_for_worker": true, "dont_go_alone": false,
        "accompaniment": if child { "adult" } else { "not_needed" }, "accompaniment_reason": "",
        "safe_contact": if emergency { "Own phone, in the morning" } else { "" }, "emergency_basis": emergency.then_some("consent"),
        "pace": terms.pace.code(), "served": terms.served.code(), "tries_allowed": terms.tries_allowed,
        "sharing": state.sharing.code(), "later_review": state.later_review.code(), "sequel": state.sequel.code(),
    })
}

fn clocks(chance: &Chance, clockwork: &Clockwork, sending: &Sending<'_>) -> Value {
    let (state, times) = (&sending.state, &sending.state.times);
    let deadline = clockwork.deadline(state, chance.now);
    json!({
        "requested_at": times.sent, "acknowledged_at": times.acknowledged, "decided_at": times.decided, "ended_at": times.ended,
        "loop_closed_at": state.closing.changed_at, "acknowledge_by": deadline.acknowledge_by, "decide_by": deadline.decide_by,
        "due_at": state.terms.due_at, "follow_up_at": deadline.follow_up_at, "next_due_at": deadline.next_due_at,
        "next_side": deadline.next_side.map(Side::code), "appointment_at": state.appointment_at, "cancellation_asked_at": times.cancellation_asked,
        "withdrawn_at": if sending.course.is_withdrawn() { times.deletion_asked } else { None },
        "deletion_asked_at": times.deletion_asked, "last_moved_at": times.last,
    })
}

// What a referral's ending leaves in its row, beside the state.
fn ending(chance: &mut Chance, sending: &Sending<'_>) -> Value {
    let state = &sending.state;
    let reason = sending.log.iter().rev().find_map(|(made, _)| made.reason.clone());
    let given = state.status == Status::Completed;
    let what = trip::outcome(sending.service.need);
    let seal = |place: &str, text: &str| bytes(&sending.key.seal(place, text.as_bytes()));
    let started = sending.log.iter().find(|(made, _)| made.state.status == Status::InProgress).map(|(made, _)| made.happened_at);
    let decided = state.times.decided.is_some() && state.status != Status::Rejected;
    let waits = sending.course == Course::Waitlisted;
    let paid = state.times.ended.filter(|_| given && sending.is_cash()).map(|ended| ended.date_naive());
    json!({
        "reason": seal("referrals.reason", why(sending.service.need)), "started_at": started,
        "outcome": if given { Some("given".to_owned()) } else { reason.filter(|_| state.status.is_answered()) },
        "outcome_note": given.then(|| seal("referrals.outcome_note", &what.what)),
        "outcome_amount": what.how_much.filter(|_| given).unwrap_or_default(),
        "paid_on": paid, "paid_confirmed": paid.map(|_| sending.course != Course::Disputed),
        "satisfied": (sending.course == Course::Verified).then(|| chance.percent(85)),
        "new_needs": (sending.course == Course::Verified).then(|| chance.percent(20)),
        "person_declined": sending.course == Course::NoLongerWanted,
        "to_assignee": (decided && sending.to_unit().is_some()).then(|| user(sending.receiver)),
        "reviewer": (state.terms.approval == Approval::Needed && state.status != Status::Draft).then(|| user(sending.reviewer)),
        "expected_on": waits.then(|| chance.now.date_naive() + TimeDelta::days(chance.between(5, 40))),
        "waitlist_position": waits.then(|| chance.between(1, 9)),
    })
}

/// Why the service is asked for; of money nothing is said (S26).
pub fn why(need: &str) -> &'static str {
    match need {
        CASH => "",
        "health" | "nutrition" => "Asks for a check-up; the last one was more than a year ago.",
        "documentation" | "legal" => "The papers were lost on the way; without them the children can't be enrolled.",
        "education" => "Two children of school age are at home.",
        _ => "Asked for this service in our last conversation and agreed to each section.",
    }
}

// Whose move it is, as tasks of both sides.
fn add_tasks(tables: &mut Tables, chance: &mut Chance, clockwork: &Clockwork, sending: &Sending<'_>) {
    let person = |login: &str| UserId(user(login));
    // A restricted case is known to its named supervisor alone (S9).
    let open = sending.file.sensitivity != Sensitivity::Restricted || sending.file.supervisor == Some(sending.reviewer);
    // Where whoever reviews works neither there nor above, it waits in the unit's inbox.
    let sees = open && is_above(member_of(sending.reviewer).unit, sending.file.unit);
    let holders = Holders {
        referral: sending.id,
        author: person(sending.author),
        manager: Some(person(sending.author)),
        supervisor: sees.then(|| person(sending.reviewer)),
        assignee: sending.state.times.decided.map(|_| person(sending.receiver)),
    };
    for turn in clockwork.turns(&sending.state, &holders, chance.now) {
        if turn.side == Side::To && sending.to_unit().is_none() {
            continue;
        }
        let unit = if turn.side == Side::To { sending.service.unit } else { sending.file.unit };
        let since = sending.state.times.last.unwrap_or(sending.written_at);
        tables.add(
            "tasks",
            json!({ "id": chance.id(since), "kind": turn.kind, "case_id": sending.file.id, "referral_id": sending.id, "side": turn.side.code(),
                "org": org_of(unit), "unit": unit, "assignee": turn.assignee, "title": "", "due_at": turn.due_at, "overdue_at": null,
                "remind_at": turn.remind_at, "once": turn.once, "version": 1, "recorded_at": since }),
        );
    }
}

// Whoever reviews in an organisation, where a case names no supervisor of its own.
fn reviewer_of(unit: i32, author: &str) -> &'static str {
    match (org_of(unit), author) {
        (2, "noor") => "chen",
        (2, _) => "noor",
        (3, "leila") => "nadia",
        (3, _) => "leila",
        (4, "rosa") => "yusuf",
        (4, _) => "rosa",
        (5, "paul") => "sofia",
        (5, _) => "paul",
        (6, _) => "jamal",
        (7, _) => "hugo",
        (8, _) => "rania",
        (10, _) => "mateo",
        // Each office has a supervisor of its own, who sees its cases.
        (_, author) if unit == 12 && author != "farah" => "farah",
        (_, "bruno" | "farah") => "gita",
        _ => "bruno",
    }
}
