//! Every statement of this room.
use chrono::{DateTime, NaiveDate, Utc};

use crate::consent::basis::Told;
use crate::consent::consent::{Basis, Consent, Form, Giver, Kind};
use crate::error::{Error, changed};
use crate::packs::Word;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ConsentId, DocumentId, OrgId, PersonId, ReferralId, RowId, UnitId, UserId};

/// A consent that the actor may see.
pub async fn find(work: &mut Work, id: ConsentId) -> Result<Consent, Error> {
    let case = sqlx::query_scalar!("select case_id from consents where id = $1", id.0).fetch_one(work.db()).await?;
    list_of_case(work, CaseId(case)).await?.into_iter().find(|consent| consent.id == id).ok_or(Error::NotFound)
}

/// Everything agreed, refused or based otherwise on a case, the newest first.
pub async fn list_of_case(work: &mut Work, case: CaseId) -> Result<Vec<Consent>, Error> {
    let rows = sqlx::query!(
        "select id, case_id, person_id, basis, kind, purpose, for_tracing, to_orgs, to_kinds, sections, form, given_by, given_by_person, witness, spoken_alone, understood,
           language, interpreter, interpreter_bound, child_assent_of, document_id, note, given_on, expires_on, reason, law, told, not_told_reason, second_person,
           second_agreed_at, second_due_at, only_referral, reviewed_at, review_finding, withdrawn_at, ends_service, recorded_by, recorded_by_name, recorded_at, version
         from consents where case_id = $1 order by recorded_at desc, id desc",
        case.0
    )
    .fetch_all(work.db())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Consent {
                id: ConsentId(row.id),
                case_id: CaseId(row.case_id),
                person_id: PersonId(row.person_id),
                basis: word::<Basis>(&row.basis)?,
                kind: word::<Kind>(&row.kind)?,
                purpose: row.purpose,
                for_tracing: row.for_tracing,
                to_orgs: row.to_orgs,
                to_kinds: row.to_kinds,
                sections: row.sections,
                form: row.form.as_deref().map(word::<Form>).transpose()?,
                given_by: word::<Giver>(&row.given_by)?,
                given_by_person: row.given_by_person.map(PersonId),
                witness: row.witness,
                spoken_alone: row.spoken_alone,
                understood: row.understood,
                language: row.language,
                interpreter: row.interpreter,
                interpreter_bound: row.interpreter_bound,
                child_assent_of: row.child_assent_of.map(ConsentId),
                document_id: row.document_id.map(DocumentId),
                note: row.note,
                given_on: row.given_on,
                expires_on: row.expires_on,
                reason: row.reason,
                law: row.law,
                told: row.told,
                not_told_reason: row.not_told_reason,
                second_person: row.second_person.map(UserId),
                second_agreed_at: row.second_agreed_at,
                second_due_at: row.second_due_at,
                only_referral: row.only_referral.map(ReferralId),
                reviewed_at: row.reviewed_at,
                review_finding: row.review_finding,
                withdrawn_at: row.withdrawn_at,
                ends_service: row.ends_service,
                recorded_by: UserId(row.recorded_by),
                recorded_by_name: row.recorded_by_name,
                recorded_at: row.recorded_at,
                version: row.version,
            })
        })
        .collect()
}

fn word<T: Word>(text: &str) -> Result<T, Error> {
    T::parse(text).ok_or_else(|| anyhow::anyhow!("a consent holds the unknown word {text}").into())
}

/// A person of a case, as far as consent asks about them.
#[derive(Clone, Debug)]
pub struct CasePerson {
    /// The person.
    pub id: PersonId,
    /// Their code.
    pub code: String,
    /// Their name.
    pub name: String,
    /// The same in Latin letters, where it differs.
    pub name_latin: String,
    /// When they were born, if that is known.
    pub born_on: Option<NaiveDate>,
    /// That is a guess.
    pub born_estimated: bool,
    /// `subject`, `member`, `caregiver` or `chosen_adult`.
    pub part: String,
    /// Must never be asked, told or printed (S3).
    pub not_safe_to_involve: bool,
}

impl CasePerson {
    /// Their age in years, if it is known.
    pub fn age_on(&self, day: NaiveDate) -> Option<u16> {
        self.born_on.and_then(|born| day.years_since(born)).and_then(|years| u16::try_from(years).ok())
    }
}

/// The people of a case, its subject first.
pub async fn people(work: &mut Work, case: CaseId) -> Result<Vec<CasePerson>, Error> {
    let rows = sqlx::query!(
        "select p.id, p.code, p.name, p.name_latin, p.born_on, p.born_estimated, cp.part, cp.not_safe_to_involve from case_people cp join persons p on p.id = cp.person_id
         where cp.case_id = $1 order by cp.part <> 'subject', p.name limit 60",
        case.0
    )
    .fetch_all(work.db())
    .await?;
    let person = rows.into_iter().map(|row| CasePerson {
        id: PersonId(row.id),
        code: row.code,
        name: row.name,
        name_latin: row.name_latin,
        born_on: row.born_on,
        born_estimated: row.born_estimated,
        part: row.part,
        not_safe_to_involve: row.not_safe_to_involve,
    });
    Ok(person.collect())
}

/// Those of these persons who are not safe to involve in some case that the actor sees (S3).
pub(super) async fn not_safe(work: &mut Work, persons: &[PersonId]) -> Result<Vec<PersonId>, Error> {
    let ids: Vec<uuid::Uuid> = persons.iter().map(|id| id.0).collect();
    let rows = sqlx::query_scalar!(
        r#"select distinct person_id as "person_id!: PersonId" from case_people where not_safe_to_involve and person_id = any ($1)"#,
        &ids
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// An organisation that consent may name.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The organisation.
    pub id: OrgId,
    /// Its name in the reader's language.
    pub name: String,
}

/// Organisations that consent may name.
pub async fn recipients(work: &mut Work) -> Result<Vec<Recipient>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        Recipient,
        r#"select id, access.named(names, name, $1) as "name!" from organisations where active order by 2, 1 limit 500"#,
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// Writes a new row.
pub async fn insert(work: &mut Work, consent: &Consent) -> Result<(), Error> {
    sqlx::query!(
        "insert into consents (id, case_id, person_id, basis, kind, purpose, to_orgs, to_kinds, sections, form, given_by, given_by_person, witness,
           spoken_alone, understood, language, interpreter, child_assent_of, document_id, note, given_on, expires_on, reason, law, told, not_told_reason,
           second_due_at, only_referral, recorded_by, recorded_by_name, recorded_at, for_tracing, interpreter_bound)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32,
           $33)",
        consent.id.0,
        consent.case_id.0,
        consent.person_id.0,
        consent.basis.as_str(),
        consent.kind.as_str(),
        consent.purpose,
        &consent.to_orgs,
        &consent.to_kinds,
        &consent.sections,
        consent.form.map(Form::as_str),
        consent.given_by.as_str(),
        consent.given_by_person.map(|id| id.0),
        consent.witness,
        consent.spoken_alone,
        consent.understood,
        consent.language,
        consent.interpreter,
        consent.child_assent_of.map(|id| id.0),
        consent.document_id.map(|id| id.0),
        consent.note,
        consent.given_on,
        consent.expires_on,
        consent.reason,
        consent.law,
        consent.told,
        consent.not_told_reason,
        consent.second_due_at,
        consent.only_referral.map(|id| id.0),
        consent.recorded_by.0,
        consent.recorded_by_name,
        consent.recorded_at,
        consent.for_tracing,
        consent.interpreter_bound
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// The limits of confidentiality were explained on this day, unless they were before.
pub async fn note_limits(work: &mut Work, case: CaseId, on: NaiveDate) -> Result<(), Error> {
    sqlx::query!("update cases set limits_explained_on = $2 where id = $1 and limits_explained_on is null", case.0, on)
        .execute(work.db())
        .await?;
    Ok(())
}

/// The second person agrees; of two at once the second is told that somebody was faster.
pub async fn agree(work: &mut Work, id: ConsentId, by: UserId, at: DateTime<Utc>, told: Option<&Told>) -> Result<(), Error> {
    let agreed = sqlx::query!(
        "update consents set second_person = $2, second_agreed_at = $3, told = coalesce(told, $4), not_told_reason = coalesce($5, not_told_reason),
           version = version + 1 where id = $1 and second_agreed_at is null and withdrawn_at is null",
        id.0,
        by.0,
        at,
        told.map(|said| said.told),
        told.map(|said| said.why_not.clone())
    );
    changed(agreed.execute(work.db()).await?.rows_affected())
}

/// The protection officer reviewed it; of two at once the second is told so.
pub async fn review(work: &mut Work, id: ConsentId, by: UserId, at: DateTime<Utc>, finding: &str) -> Result<(), Error> {
    let reviewed = sqlx::query!(
        "update consents set reviewed_by = $2, reviewed_at = $3, review_finding = $4, version = version + 1 where id = $1 and reviewed_at is null",
        id.0,
        by.0,
        at,
        finding
    );
    changed(reviewed.execute(work.db()).await?.rows_affected())
}

/// Holds what a case's people agreed to, so that nothing is withdrawn while something is sent on it: the sending that comes second reads
/// the withdrawal, the withdrawal that comes second finds what was sent.
pub async fn hold_still(work: &mut Work, case: CaseId) -> Result<(), Error> {
    sqlx::query_scalar!("select id from consents where case_id = $1 order by id for share", case.0).fetch_all(work.db()).await?;
    Ok(())
}

/// Holds a consent and what belongs to it for changing; waits for what is being sent on it.
pub async fn hold(work: &mut Work, consent: &Consent) -> Result<(), Error> {
    sqlx::query_scalar!("select id from consents where id = $1 or child_assent_of = $1 order by id for update", consent.pair())
        .fetch_all(work.db())
        .await?;
    Ok(())
}

/// Withdraws it, and what belongs to it: a representative's consent and the child's assent end together.
pub async fn withdraw(work: &mut Work, consent: &Consent, at: DateTime<Utc>, ending: Ending<'_>) -> Result<(), Error> {
    sqlx::query!(
        "update consents set withdrawn_at = $2, withdrawn_how = $3, ends_service = $4, version = version + 1
         where withdrawn_at is null and (id = $1 or child_assent_of = $1)",
        consent.pair(),
        at,
        ending.how,
        ending.ends_service
    )
    .execute(work.db())
    .await?;
    Ok(())
}

/// How a consent ends.
#[derive(Clone, Copy, Debug)]
pub struct Ending<'a> {
    /// How the person said so: a code.
    pub how: &'a str,
    /// The service ends with it.
    pub ends_service: bool,
}

/// Referrals whose packets rest on this consent, and that were sent.
pub async fn referrals_resting_on(work: &mut Work, consent: &Consent) -> Result<Vec<ReferralId>, Error> {
    let ids = sqlx::query_scalar!(
        "select distinct p.referral_id from packets p join consents c on c.id = p.consent_id where c.id = $1 or c.child_assent_of = $1",
        consent.pair()
    )
    .fetch_all(work.db())
    .await?;
    Ok(ids.into_iter().map(ReferralId).collect())
}

/// A receiver of what rested on a consent, and how it was asked to delete its copies.
#[derive(Debug, Clone)]
pub struct Recalled {
    /// The referral.
    pub id: ReferralId,
    /// Its code.
    pub code: String,
    /// The receiver, by the reader's name for it.
    pub org: String,
    /// It has no account here.
    pub outside: bool,
    /// It said that its copies are deleted.
    pub confirmed: bool,
    /// When it was asked by mail.
    pub mailed_at: Option<DateTime<Utc>>,
    /// The sender must ask.
    pub by_hand: bool,
}

/// The receivers that are asked to delete what rested on this consent, as far as the actor sees them.
pub async fn recalled(work: &mut Work, consent: &Consent) -> Result<Vec<Recalled>, Error> {
    let lang = work.lang().code();
    let rows = sqlx::query_as!(
        Recalled,
        r#"select r.id as "id: ReferralId", r.code, coalesce(access.named(o.names, o.name, $2), r.to_name) as "org!", r.kind = 'external' as "outside!",
             r.sharing = 'deletion_confirmed' as "confirmed!", r.deletion_mailed_at as mailed_at, r.deletion_by_hand_at is not null as "by_hand!"
           from referrals r left join organisations o on o.id = r.to_org
           where r.deletion_asked_at is not null and r.id in (
             select p.referral_id from packets p join consents c on c.id = p.consent_id where c.id = $1 or c.child_assent_of = $1)
           order by r.code limit 100"#,
        consent.pair(),
        lang
    )
    .fetch_all(work.db())
    .await?;
    Ok(rows)
}

/// Who of this job's organisation finds a task for what is called back, in which unit, and by when it is to be answered.
pub async fn asked_to_delete(work: &mut Work, recall: RowId) -> Result<Vec<(UserId, UnitId, DateTime<Utc>)>, Error> {
    let asked = sqlx::query!(
        r#"select of_user as "user!: UserId", of_unit as "unit!", by_then as "due!" from access.asked_to_delete($1)"#,
        recall.0
    );
    Ok(asked.fetch_all(work.db()).await?.into_iter().map(|row| (row.user, row.unit, row.due)).collect())
}

/// Who reviews for an organisation: its protection officer, the one longest in office.
pub async fn protection_officer(work: &mut Work, org: OrgId) -> Result<Option<UserId>, Error> {
    let id = sqlx::query_scalar!(
        "select m.user_id from memberships m join roles r on r.id = m.role join users u on u.id = m.user_id
         where m.org = $1 and m.ended_at is null and u.active and 'consent.review' = any (r.acts) order by m.created_at, m.id limit 1",
        org
    )
    .fetch_optional(work.db())
    .await?;
    Ok(id.map(UserId))
}

/// The task under this key is done, if the actor sees it.
pub async fn chore_done(work: &mut Work, once: &str, by: UserId, at: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!(
        "update tasks set done_at = $2, done_by = $3, version = version + 1 where once = $1 and done_at is null",
        once,
        at,
        by.0
    )
    .execute(work.db())
    .await?;
    Ok(())
}
