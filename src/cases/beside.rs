//! What stands beside a case on its page and belongs to rooms above: consent, referrals, facts. Rows are read as row security shows
//! them; nothing is written here.
use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::cases::{Case, Move};
use crate::error::Error;
use crate::packs::Sensitivity;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ConsentId, PersonId, ReferralId, UserId};
use crate::web::Page;
use crate::web::parts::{Badge, Entry, Tone};

/// A consent, or another basis, in one line.
#[derive(Debug, Clone)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// The ground, in the code of its list.
    pub basis: String,
    /// What was said, in the code of its list.
    pub kind: String,
    /// When it was given.
    pub given_on: NaiveDate,
    /// Its last day.
    pub expires_on: Option<NaiveDate>,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by_name: String,
    /// Whose data it is about.
    pub person_id: PersonId,
    /// What for.
    pub purpose: String,
}

impl Consent {
    /// It lets data be shared on this day: given for them, not taken back, and its last day not over.
    pub fn carries(&self, today: NaiveDate) -> bool {
        let given = self.basis == "consent" && matches!(self.kind.as_str(), "consent" | "representative");
        given && self.withdrawn_at.is_none() && self.expires_on.is_none_or(|last| last >= today)
    }

    /// It was given and not taken back.
    pub fn stands(&self) -> bool {
        self.withdrawn_at.is_none() && !matches!(self.kind.as_str(), "refused" | "none")
    }

    /// Its state and its dates.
    pub fn row(&self, p: &Page) -> (Badge, String) {
        let expired = self.expires_on.is_some_and(|day| day < p.reader.today());
        let (word, tone) = match self.kind.as_str() {
            _ if self.withdrawn_at.is_some() => ("withdrawn", Tone::Danger),
            "refused" => ("refused", Tone::Danger),
            _ if expired => ("expired", Tone::Warning),
            _ if self.basis != "consent" => ("other-basis", Tone::Warning),
            _ => ("given", Tone::Good),
        };
        (Badge::new(p.t(&format!("case-consent-{word}")), tone), p.date(&self.given_on))
    }
}

/// A step of one of the case's referrals, as the movement log keeps it for the side that sends.
#[derive(Debug, Clone)]
pub struct ReferralMove {
    /// The referral.
    pub referral: ReferralId,
    /// Its code.
    pub code: String,
    /// The service's name in the reader's language.
    pub service: String,
    /// What was done, in the code of its list.
    pub action: String,
    /// The status it led to.
    pub status: String,
    /// The step it led to.
    pub step: String,
    /// The loop it left behind.
    pub closing: Option<String>,
    /// A coded reason.
    pub reason: Option<String>,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// Whose name is shown; empty for restricted types (S31).
    pub name: String,
    /// The code of their role.
    pub role: String,
    /// Their organisation.
    pub org_name: String,
}

/// A referral in one line.
#[derive(Debug, Clone)]
pub struct Referral {
    id: ReferralId,
    code: String,
    service_name: String,
    // A case that was taken over after a notice is told as that, never as a service given; a letter that came back, never as sent.
    status: String,
    case_code: Option<String>,
    person_id: Option<Uuid>,
    sensitivity: Option<String>,
}

impl Referral {
    /// Whose name may stand on a list (S13).
    pub fn named(&self) -> Option<Uuid> {
        self.person_id.filter(|_| self.sensitivity.as_deref() == Some("standard"))
    }

    /// The row with who it is about: the name where one may stand, else the case's code.
    pub fn row_about(&self, p: &Page, names: &HashMap<Uuid, String>) -> (String, String, Badge) {
        let (href, words, state) = self.row(p);
        let name = self.named().and_then(|id| names.get(&id).cloned());
        let who = name.or_else(|| self.case_code.clone());
        (href, who.into_iter().chain([words]).collect::<Vec<_>>().join(" · "), state)
    }

    /// How it stands, as a code.
    pub fn status(&self) -> &str {
        &self.status
    }

    /// It has left and not ended.
    pub fn is_running(&self) -> bool {
        matches!(self.status.as_str(), "requested" | "copy_lost" | "accepted" | "in_progress" | "on_hold")
    }

    /// It has not ended; a draft has not even left.
    pub fn is_open(&self) -> bool {
        self.status == "draft" || self.is_running()
    }

    /// What is to be done before it has ended, as a code.
    pub fn what_ends_it(&self) -> &'static str {
        match self.status.as_str() {
            "draft" => "draft",
            "requested" | "copy_lost" => "sent",
            _ => "running",
        }
    }

    /// Its code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// How it stands, in words.
    pub fn state(&self, p: &Page) -> String {
        p.tc("case-referral", &self.status)
    }

    /// The service, which paper may name; of a restricted case not even that.
    pub fn service_on_paper(&self, sensitivity: Sensitivity) -> Option<&str> {
        Some(self.service_name.as_str()).filter(|name| sensitivity != Sensitivity::Restricted && !name.is_empty())
    }

    /// For paper.
    pub fn printed(&self, p: &Page, sensitivity: Sensitivity) -> Entry {
        let state = self.state(p);
        let words: Vec<&str> = self.service_on_paper(sensitivity).into_iter().chain([state.as_str()]).collect();
        Entry::new(&self.code, words.join(" · "))
    }

    /// Address, words and state.
    pub fn row(&self, p: &Page) -> (String, String, Badge) {
        let words =
            if self.service_name.is_empty() { self.code.clone() } else { format!("{} · {}", self.service_name, self.code) };
        let tone = match self.status.as_str() {
            "rejected" | "failed" | "copy_lost" => Tone::Danger,
            "completed" | "taken_over" => Tone::Good,
            "on_hold" => Tone::Warning,
            _ => Tone::Info,
        };
        (format!("/referrals/{}", self.id), words, Badge::new(self.state(p), tone))
    }
}

/// The consents of a case, the newest first.
pub async fn consents(work: &mut Work, case: CaseId) -> Result<Vec<Consent>, Error> {
    let rows = sqlx::query_as!(
        Consent,
        r#"select id as "id: ConsentId", basis, kind, given_on, expires_on, withdrawn_at, recorded_at, recorded_by_name, person_id as "person_id: PersonId", purpose
         from consents where case_id = $1 order by given_on desc, id desc limit 100"#,
        case.0
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// The newest steps of the case's referrals, and what became of one all the same: its letter came back, or was given up, which is no move of anybody's.
/// Words between the two sides and what the clocks said stand with each referral.
pub async fn referral_moves(work: &mut Work, case: CaseId) -> Result<Vec<ReferralMove>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        ReferralMove,
        r#"select x.referral as "referral!: ReferralId", x.code as "code!", access.named(s.names, x.service_name, $2) as "service!",
             x.action as "action!", x.status as "status!", x.step as "step!", x.loop as "closing?", x.reason as "reason?", x.happened_at as "happened_at!",
             x.shown_name as "name!", x.shown_role as "role!", coalesce(o.names ->> $2, o.name, '') as "org_name!"
           from (
             (select r.id as referral, r.code, r.service_id, r.service_name,
                case when r.kind = 'transfer_notice' and m.action in ('accept', 'complete') then m.action || '_notice' else m.action end as action,
                m.to_status as status, m.step, m.loop, m.reason, m.happened_at, m.recorded_at, m.nth, m.shown_name, m.shown_role, m.actor_org
              from referrals r join referral_moves m on m.referral_id = r.id
              where r.case_id = $1 and r.step <> 'discarded'
                and m.action not in ('edit', 'message', 'reminder', 'due', 'escalated', 'sender_changed')
              order by m.happened_at desc, m.recorded_at desc, m.nth desc limit 100)
             union all
             (select r.id, r.code, r.service_id, r.service_name, 'copy_lost', 'requested', 'sent', null, null, d.settled_at, d.settled_at, 0, '', '', null
              from access.deliveries(array(select id from letters
                     where case_id = $1 and way = 'email' and submitted_at is not null order by submitted_at desc limit 100)) d
                join letters l on l.id = d.about join referrals r on r.id = l.referral_id
              where d.state in ('bounced', 'dead') and d.settled_at is not null and exists (select from letters where case_id = $1)
              order by d.settled_at desc limit 20)
           ) x left join organisations o on o.id = x.actor_org left join services s on s.id = x.service_id
           order by x.happened_at desc, x.recorded_at desc, x.nth desc"#,
        case.0,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// The referrals of a case, those in flight first.
pub async fn referrals(work: &mut Work, case: CaseId) -> Result<Vec<Referral>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        Referral,
        r#"select r.id as "id!: ReferralId", r.code as "code!", access.named(s.names, r.service_name, $2) as "service_name!",
           case when r.kind = 'transfer_notice' and r.status = 'completed' then 'taken_over'
                when r.kind = 'external' and r.status = 'requested' and r.step = 'sent' and r.sharing = 'open' and r.copy_lost_at is not null then 'copy_lost'
                else r.status end as "status!", null as case_code, null::uuid as person_id, null as sensitivity
         from referrals r left join services s on s.id = r.service_id where r.case_id = $1 and r.step <> 'discarded'
         order by (r.ended_at is not null), coalesce(r.requested_at, now()) desc limit 20"#,
        case.0,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// A decision not to refer.
#[derive(Debug, Clone)]
pub struct NotReferred {
    /// The need, as a code.
    pub need: String,
    /// The reason, as a code.
    pub reason: String,
    /// The service, where one was meant and the reader sees it (S14).
    pub service: Option<String>,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// The last decisions not to refer.
pub async fn not_referred(work: &mut Work, case: CaseId) -> Result<Vec<NotReferred>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        NotReferred,
        r#"select n.need as "need!", n.reason as "reason!", access.named(s.names, s.name, $2) as "service?", n.recorded_at as "recorded_at!"
           from not_referred n left join services s on s.id = n.service_id where n.case_id = $1 order by n.recorded_at desc limit 10"#,
        case.0,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// Referrals this user sent: refusals that still wait for a next step and answers of the last days, and those that wait for the other side.
pub async fn answers_and_waiting(work: &mut Work, user: UserId) -> Result<(Vec<Referral>, Vec<Referral>), Error> {
    let (since, lang) = (work.now() - chrono::TimeDelta::days(7), work.lang().code());
    let rows = sqlx::query_as!(
        Referral,
        r#"select r.id as "id!: ReferralId", r.code as "code!", case when t.sensitivity = 'restricted' then '' else access.named(s.names, r.service_name, $3) end as "service_name!",
             case when r.kind = 'transfer_notice' and r.status = 'completed' then 'taken_over' else r.status end as "status!",
             c.code as "case_code?", c.person_id as "person_id?", t.sensitivity as "sensitivity?"
         from ((select * from referrals where from_manager = $1 and sequel = 'owed' and status in ('rejected', 'failed')
             order by coalesce(ended_at, decided_at, started_at) desc limit 20)
           union all
           (select * from referrals where from_manager = $1 and loop = 'open' and status in ('accepted', 'completed', 'on_hold')
               and coalesce(ended_at, decided_at, started_at) > $2
             order by coalesce(ended_at, decided_at, started_at) desc limit 20)
           union all
           (select * from referrals where from_manager = $1 and status = 'requested' and (copy_lost_at is null or step <> 'sent')
             order by requested_at limit 20)) r
           left join cases c on c.id = r.case_id left join case_types t on t.id = r.case_type left join services s on s.id = r.service_id
         order by r.status = 'requested', r.status in ('rejected', 'failed') desc,
           case when r.status <> 'requested' then coalesce(r.ended_at, r.decided_at, r.started_at) end desc, r.requested_at"#,
        user.0,
        since,
        lang
    )
    .fetch_all(work.db())
    .await?;
    let (mut answers, waiting): (Vec<_>, Vec<_>) = rows.into_iter().partition(|referral| referral.status != "requested");
    answers.truncate(20);
    Ok((answers, waiting))
}

/// Whether the case went to somebody else and the actor keeps a receipt of it, which says whom to ask; of any other nothing is told.
pub async fn went_away(work: &mut Work, case: CaseId) -> Result<bool, Error> {
    let went = sqlx::query_scalar!(
        r#"select exists (select from transfer_receipts where case_id = $1 and returned_at is null) as "is!""#,
        case.0
    );
    Ok(went.fetch_one(work.db()).await?)
}

/// The households in which a person lives now, as far as the actor may see them.
pub async fn household_of(work: &mut Work, person: Uuid) -> Result<Option<Uuid>, Error> {
    let id = sqlx::query_scalar!(
        "select household_id from household_members where person_id = $1 and left_on is null limit 1",
        person
    )
    .fetch_optional(work.db())
    .await?;
    Ok(id)
}

/// Whether the case is about to go, or is only kept for somebody: in words, with where that is seen.
pub async fn hands(work: &mut Work, p: &Page, case: &Case) -> Result<Vec<(String, String, String)>, Error> {
    let rows = sqlx::query!(
        r#"select x.transfer as "transfer?", x.words as "words!", x.state as "state!", x.until_on as "until_on?" from (
             (select t.id as transfer, t.code as words, t.state, null::date as until_on from transfer_items i join transfers t on t.id = i.transfer_id
              where i.case_id = $1 and i.state = 'waiting' and t.state in ('draft', 'submitted', 'approved') order by t.id desc limit 3)
             union all
             (select null, w.name, v.state, v.until_on from cover_cases k join covers v on v.id = k.cover_id join users w on w.id = v.worker
              where k.case_id = $1 and k.returned_at is null and v.state = 'running' order by v.from_on desc limit 1)) x
           order by x.transfer is null, x.transfer desc"#,
        case.id.0
    )
    .fetch_all(work.db())
    .await?;
    let said = rows.into_iter().map(|row| match row.transfer {
        Some(id) => (p.ta("case-is-going", "code", row.words), p.tc("transfer-state", &row.state), format!("/transfers/{id}")),
        None => {
            let until = row.until_on.map(|day| p.ta("case-covered-until", "day", p.date(&day))).unwrap_or_default();
            (p.ta("case-covered-for", "name", row.words), until, "/covers".to_owned())
        }
    });
    Ok(said.collect())
}

/// Whether the case has just come, which its newest steps tell: from where, in words, with where that is seen.
pub async fn came(work: &mut Work, p: &Page, case: &Case, moves: &[Move]) -> Result<Option<(String, String, String)>, Error> {
    let since = work.now() - chrono::TimeDelta::days(30);
    if !moves.iter().any(|step| step.kind == "transferred" && step.happened_at > since) {
        return Ok(None);
    }
    let lang = work.lang().code();
    let came = sqlx::query!(
        r#"select coalesce(access.named(o.names, o.name, $3), m.from_value) as "from?", m.happened_at, i.transfer_id as "transfer?" from case_moves m
             left join transfer_items i on i.case_id = m.case_id and i.moved_at = m.happened_at
             left join organisations o on o.name = m.from_value
           where m.case_id = $1 and m.kind = 'transferred' and m.happened_at > $2 order by m.happened_at desc limit 1"#,
        case.id.0,
        since,
        lang
    )
    .fetch_optional(work.db())
    .await?;
    Ok(came.map(|came| {
        let href = came.transfer.map(|id| format!("/transfers/{id}")).unwrap_or_default();
        (p.ta("case-came-from", "place", came.from.unwrap_or_default()), p.when(&came.happened_at), href)
    }))
}

/// How much work a case is, as it was said last.
pub async fn intensity(work: &mut Work, case: CaseId) -> Result<Option<String>, Error> {
    let said = sqlx::query_scalar!(
        r#"select to_value as "to!" from case_moves where case_id = $1 and kind = 'intensity' order by happened_at desc, id desc limit 1"#,
        case.0
    );
    Ok(said.fetch_optional(work.db()).await?)
}
