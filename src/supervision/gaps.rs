//! Gaps in what is kept of cases: what is missing, what contradicts itself, what has grown old. Every figure opens its list, and counts only
//! what the reader sees (S11, S15).
use super::store::Unit;
use super::{store, team};
use crate::access::Act;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{CaseId, UnitId, UserId};

/// The groups, each with its gaps.
pub const GROUPS: &[(&str, &[&str])] = &[
    ("missing", &["no_birth", "no_contact", "no_next_step", "no_limits", "no_risk"]),
    ("contradictory", &["adult_as_child", "young_caregiver", "opened_before_birth"]),
    ("stale", &["consent_expired", "risk_old", "phone_unchecked", "contact_old"]),
];

/// The gaps that a word means: one, or a whole group; [`Error::NotFound`] for a word that means none.
pub fn meant(word: &str) -> Result<Vec<String>, Error> {
    if let Some((_, gaps)) = GROUPS.iter().find(|(group, _)| *group == word) {
        return Ok(gaps.iter().map(|&gap| gap.to_owned()).collect());
    }
    let known = GROUPS.iter().any(|(_, gaps)| gaps.contains(&word));
    if known { Ok(vec![word.to_owned()]) } else { Err(Error::NotFound) }
}

/// The group of a gap.
pub fn group_of(gap: &str) -> &'static str {
    GROUPS.iter().find(|(_, gaps)| gaps.contains(&gap)).map_or("missing", |(group, _)| group)
}

/// How many open cases of one keeper have a gap.
#[derive(Debug)]
pub struct Count {
    /// The gap.
    pub gap: String,
    /// Who keeps them; nobody for those in an inbox.
    pub manager: Option<UserId>,
    /// Their name.
    pub manager_name: Option<String>,
    /// How many.
    pub cases: i64,
}

/// An open case with gaps.
#[derive(Debug)]
pub struct Gapped {
    /// The case.
    pub case: CaseId,
    /// Its code.
    pub code: String,
    /// Who keeps it.
    pub manager_name: Option<String>,
    /// Its gaps among those asked for.
    pub gaps: Vec<String>,
}

/// Whose cases are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// This worker's.
    Of(UserId),
    /// Those in an inbox.
    Nobodys,
}

impl Whose {
    /// What an address says: empty for all, `inbox`, or a worker.
    pub fn read(word: &str) -> Result<Self, Error> {
        match word {
            "" => Ok(Self::All),
            "inbox" => Ok(Self::Nobodys),
            id => id.parse().map(Self::Of).map_err(|_| Error::NotFound),
        }
    }

    /// The same for an address.
    pub fn write(manager: Option<UserId>) -> String {
        manager.map_or_else(|| "inbox".to_owned(), |id| id.to_string())
    }
}

/// The units that the reader chooses from, and the chosen one with all below it.
#[derive(Debug)]
pub struct Within {
    /// The units.
    pub units: Vec<Unit>,
    /// Which is chosen; none where the reader reaches none.
    pub unit: Option<UnitId>,
    /// It and all below it.
    pub within: Vec<UnitId>,
}

/// The unit that is looked at; [`Error::NotFound`] for one beyond reach.
pub async fn within(work: &mut Work, asked: Option<UnitId>) -> Result<Within, Error> {
    work.may(Act::CaseApprove)?;
    let units = store::units(work).await?;
    let chosen = team::chosen(&units, asked)?.map(|unit| (unit.id, unit.within.clone()));
    let (unit, within) = chosen.unzip();
    Ok(Within { units, unit, within: within.unwrap_or_default() })
}

/// How many open cases of these units have which gap, by who keeps them.
pub async fn counts(work: &mut Work, units: &[UnitId]) -> Result<Vec<Count>, Error> {
    let (now, today) = (work.now(), work.today());
    let counts = sqlx::query_as!(
        Count,
        r#"select g.gap as "gap!", g.manager as "manager: UserId", u.name as "manager_name?", count(*) as "cases!"
           from access.data_gaps($1, $2, $3) g left join users u on u.id = g.manager group by g.gap, g.manager, u.name order by u.name nulls last, g.gap"#,
        units,
        now,
        today
    );
    Ok(counts.fetch_all(work.db()).await?)
}

/// The open cases of these units that have one of these gaps, at most two hundred.
pub async fn cases(work: &mut Work, units: &[UnitId], gaps: &[String], whose: Whose) -> Result<Vec<Gapped>, Error> {
    let (now, today) = (work.now(), work.today());
    let (worker, inbox) = match whose {
        Whose::All => (None, false),
        Whose::Of(user) => (Some(user.0), false),
        Whose::Nobodys => (None, true),
    };
    let found = sqlx::query_as!(
        Gapped,
        r#"select g.case_id as "case!: CaseId", g.code as "code!", u.name as "manager_name?", array_agg(g.gap order by g.gap) as "gaps!"
           from access.data_gaps($1, $2, $3) g left join users u on u.id = g.manager
           where g.gap = any ($4) and ($5::uuid is null or g.manager = $5) and (not $6 or g.manager is null)
           group by g.case_id, g.code, u.name order by u.name nulls last, g.code limit 200"#,
        units,
        now,
        today,
        gaps,
        worker,
        inbox
    );
    Ok(found.fetch_all(work.db()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_means_one_gap_or_a_group_and_no_other() {
        assert_eq!(meant("risk_old").expect("a gap"), ["risk_old"]);
        assert_eq!(meant("contradictory").expect("a group").len(), 3);
        assert!(matches!(meant("everything"), Err(Error::NotFound)));
        assert_eq!(group_of("contact_old"), "stale");
    }
}
