//! What the persons of a case agreed to, held against what a referral would disclose.
use std::collections::BTreeSet;

use super::draft::{self, CaseBrief};
use crate::consent::{self, CoverQuestion, Gap};
use crate::error::Error;
use crate::packs::{Pack, Word};
use crate::platform::db::Work;
use crate::platform::ids::{ConsentId, PersonId};
use crate::referrals::clocks::watch;
use crate::referrals::row::Referral;
use crate::referrals::submission::{Basis, Cover, Reach};

/// What consent says of one person, for the page.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// Whose data.
    pub person: PersonId,
    /// The consent that covers everything chosen, if one does.
    pub covered_by: Option<ConsentId>,
    /// What covers it is another basis than consent.
    pub on_another_basis: bool,
    /// What is missing, as a code.
    pub gap: Option<&'static str>,
    /// There is an agreement, and it does not name every section.
    pub misses_sections: bool,
    /// The sections that it does not name.
    pub lacking: Vec<String>,
}

/// What covers this disclosure, for all of these persons together and for each of them.
// One person's consent never covers another's data: the packet goes only as far as each of them agreed.
pub async fn cover(
    work: &mut Work,
    referral: &Referral,
    case: &CaseBrief,
    persons: &[PersonId],
    sections: &[String],
    pack: &Pack,
) -> Result<(Option<Cover>, Vec<Agreed>), Error> {
    let consents = consent::store::list_of_case(work, case.id).await?;
    let org = referral.to.org.unwrap_or_default();
    // A receiver without a row of its own is reached by the kind that the sender said.
    let kind = sqlx::query_scalar!(
        r#"select coalesce((select kind from organisations where id = $1), (select to_kind from referrals where id = $2), '') as "kind!""#,
        org,
        referral.id.0
    )
    .fetch_one(work.db())
    .await?;
    let sensitive: Vec<String> =
        pack.packet_sections.iter().filter(|section| section.sensitive).map(|section| section.code.clone()).collect();
    let (today, now) = (work.today(), work.now());
    let mut said = Vec::new();
    let mut joint: Option<Cover> = None;
    let mut missing = persons.is_empty();
    for person in persons {
        let question = CoverQuestion {
            person: *person,
            org,
            org_kind: &kind,
            sections,
            sensitive: &sensitive,
            referral: referral.id,
            on: today,
            now,
        };
        let nearest = consent::nearest(&consents, &question);
        let found = consent::covers(&consents, &question);
        let reaches = !matches!(found, Err(Gap::Recipient));
        let usable = matches!(found, Ok(_) | Err(Gap::Sections { .. } | Gap::Recipient));
        let lacking = nearest.map(|known| known.lacks(sections)).unwrap_or_else(|| sections.to_vec());
        said.push(Agreed {
            person: *person,
            covered_by: found.as_ref().ok().copied(),
            on_another_basis: found.is_ok() && nearest.is_some_and(|known| known.basis != consent::Basis::Consent),
            gap: found.as_ref().err().map(Gap::code),
            misses_sections: matches!(found, Err(Gap::Sections { .. })),
            lacking: if found.is_ok() { Vec::new() } else { lacking },
        });
        match nearest.filter(|_| usable) {
            None => missing = true,
            Some(known) => joint = Some(narrowed(joint, known, reaches)),
        }
    }
    Ok((joint.filter(|_| !missing), said))
}

/// What is ticked before anybody ticks: the usual sections, less those that somebody on the case agreed to without.
pub async fn usual_sections(work: &mut Work, referral: &Referral) -> Result<Vec<String>, Error> {
    let mut usual = ["need", "urgency", "area"].map(str::to_owned).to_vec();
    let case = draft::case(work, referral.case_id.ok_or(Error::NotFound)?).await?;
    let pack = watch::pack_of(work, referral.case_type).await?.ok_or(Error::NotFound)?;
    let persons: Vec<PersonId> = case.people.iter().map(|id| PersonId(*id)).collect();
    let (_, said) = cover(work, referral, &case, &persons, &usual, &pack).await?;
    let left_out = |section: &String| said.iter().any(|one| one.misses_sections && one.lacking.contains(section));
    usual.retain(|section| !left_out(section));
    Ok(usual)
}

fn narrowed(joint: Option<Cover>, known: &consent::Consent, reaches: bool) -> Cover {
    let sections: BTreeSet<String> = known.sections.iter().cloned().collect();
    let recipient = if reaches { Reach::Covered } else { Reach::NotCovered };
    let basis = known.basis.as_str().parse().unwrap_or(Basis::Consent);
    match joint {
        None => Cover { basis, recipient, sections },
        Some(before) => Cover {
            basis: before.basis,
            recipient: if before.recipient == Reach::Covered { recipient } else { Reach::NotCovered },
            sections: before.sections.intersection(&sections).cloned().collect(),
        },
    }
}
