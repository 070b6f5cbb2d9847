//! Every statement of this room.
use crate::consent::consent::{Basis, Consent, Form, Giver, Kind};
use crate::error::Error;
use crate::packs::Word;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, ConsentId, DocumentId, PersonId, UserId};

/// A consent that the actor may see.
pub async fn find(work: &mut Work, id: ConsentId) -> Result<Consent, Error> {
    let case = sqlx::query_scalar!("select case_id from consents where id = $1", id.0).fetch_one(work.db()).await?;
    list_of_case(work, CaseId(case)).await?.into_iter().find(|consent| consent.id == id).ok_or(Error::NotFound)
}

/// Everything agreed, refused or based otherwise on a case, the newest first.
pub async fn list_of_case(work: &mut Work, case: CaseId) -> Result<Vec<Consent>, Error> {
    let rows = sqlx::query!(
        "select id, case_id, person_id, basis, kind, purpose, to_orgs, to_kinds, sections, form, given_by, given_by_person, witness, spoken_alone, understood,
           language, interpreter, child_assent_of, document_id, note, given_on, expires_on, reason, law, told, not_told_reason, second_person,
           second_agreed_at, second_due_at, reviewed_at, review_finding, withdrawn_at, ends_service, recorded_by, recorded_by_name, recorded_at, version
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
