//! Whom a waiting case is proposed to: fit for it at all, with room, then who knows the person, speaks with them, is near, and carries least.
use chrono::NaiveDate;

use crate::platform::ids::{CaseId, UnitId, UserId};

/// Somebody who may be given cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Worker {
    /// Who.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// The units they belong to.
    pub units: Vec<UnitId>,
    /// The case types that they are cleared for.
    pub cleared: Vec<i16>,
    /// The languages they speak.
    pub languages: Vec<String>,
    /// Up to which level they work alone; unknown is not held against them.
    pub level: Option<i16>,
    /// They supervise others, so that few cases are no sign of room.
    pub supervises: bool,
    /// They work on restricted cases, of which the reader may see none (S11): what they seem to carry is no sign of room either.
    pub apart: bool,
    /// The last day of their absence, where somebody stands in for them now.
    pub away_until: Option<NaiveDate>,
    /// The share of a caseload that they carry: 1.0 is full (S24).
    pub load: f64,
}

/// A case that nobody keeps.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The case.
    pub id: CaseId,
    /// Where it waits.
    pub unit: UnitId,
    /// Its type.
    pub case_type: i16,
    /// Its type is a restricted one.
    pub restricted: bool,
    /// The level of worker that its type asks for.
    pub level: Option<i16>,
    /// The languages that the person speaks.
    pub languages: Vec<String>,
    /// Who kept an earlier case of the person or household.
    pub before: Option<UserId>,
    /// The share of a caseload that it takes.
    pub weight: f64,
}

/// Why somebody is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// They worked with the person or household before.
    KnowsThem,
    /// They speak a language of the person's.
    Speaks,
    /// They belong to the unit where it waits.
    SameUnit,
    /// They carry least of all who can be chosen, of two at least.
    CarriesLeast,
    /// They carry least of those who come first, with what is proposed before counted in; somebody else who can be chosen carries less.
    LeastOfFirst,
    /// Nobody else comes first for it: whoever else can be chosen is away, supervises, or is needed elsewhere.
    OnlyOne,
}

impl Why {
    /// The tail of its text key.
    pub fn code(self) -> &'static str {
        match self {
            Self::KnowsThem => "knows-them",
            Self::Speaks => "speaks",
            Self::SameUnit => "same-unit",
            Self::CarriesLeast => "carries-least",
            Self::LeastOfFirst => "least-of-first",
            Self::OnlyOne => "only-one",
        }
    }
}

/// Why nobody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Nobody here is cleared for the type, or works at its level.
    NobodyFit,
    /// Everybody fit is away.
    AllAway,
    /// Everybody fit carries a full load.
    NobodyHasRoom,
}

impl Lack {
    /// The tail of its text key.
    pub fn code(self) -> &'static str {
        match self {
            Self::NobodyFit => "nobody-fit",
            Self::AllAway => "all-away",
            Self::NobodyHasRoom => "nobody-has-room",
        }
    }
}

impl Worker {
    /// Their absence is covered now: what they were given would wait, or go on at once to whoever stands in.
    pub fn is_away(&self) -> bool {
        self.away_until.is_some()
    }

    fn fits(&self, case: &Waiting) -> bool {
        let able = case.level.is_none_or(|asked| self.level.is_none_or(|level| level >= asked));
        self.cleared.contains(&case.case_type) && able
    }

    // Whoever works on restricted cases takes others where they know the person.
    fn is_needed_elsewhere(&self, case: &Waiting) -> bool {
        self.apart && !self.supervises && !case.restricted && case.before != Some(self.id)
    }

    fn whys(&self, case: &Waiting) -> impl Iterator<Item = Why> {
        let speaks = self.languages.iter().any(|language| case.languages.contains(language));
        let held = [
            (Why::KnowsThem, case.before == Some(self.id)),
            (Why::Speaks, speaks),
            (Why::SameUnit, self.units.contains(&case.unit)),
        ];
        held.into_iter().filter(|(_, holds)| *holds).map(|(why, _)| why)
    }
}

/// Proposes a keeper for each, in this order; what is proposed counts as carried for the next, so that not all goes to one.
pub fn propose(waiting: &[Waiting], workers: &[Worker]) -> Vec<Result<(UserId, Vec<Why>), Lack>> {
    let mut loads: Vec<f64> = workers.iter().map(|worker| worker.load).collect();
    let mut proposed = Vec::with_capacity(waiting.len());
    for case in waiting {
        let fit = fit(case, workers);
        let with_room = fit.iter().copied().filter(|&at| loads[at] + case.weight <= 1.0);
        let best = with_room
            .max_by(|&one, &other| rank(&workers[one], case, loads[one]).total_cmp(&rank(&workers[other], case, loads[other])));
        proposed.push(match best {
            None if fit.is_empty() && workers.iter().any(|worker| worker.fits(case)) => Err(Lack::AllAway),
            None if fit.is_empty() => Err(Lack::NobodyFit),
            None => Err(Lack::NobodyHasRoom),
            Some(at) => {
                let mut whys: Vec<Why> = workers[at].whys(case).collect();
                whys.extend(of_load(case, workers, (&fit, &loads), at));
                loads[at] += case.weight;
                Ok((workers[at].id, whys))
            }
        });
    }
    proposed
}

// What their load says for them. Beside everybody who can be chosen stands what they carry now: whoever is said to carry least of them does.
fn of_load(case: &Waiting, workers: &[Worker], (fit, loads): (&[usize], &[f64]), at: usize) -> Option<Why> {
    if fit.len() == 1 {
        return Some(Why::OnlyOne);
    }
    if fit.iter().any(|&other| loads[other] < loads[at]) {
        return None;
    }
    let mut present = offered(case, workers).into_iter().filter(|other| !other.is_away());
    let least = present.all(|other| workers[at].load <= other.load);
    Some(if least { Why::CarriesLeast } else { Why::LeastOfFirst })
}

/// Who can be chosen for it at all: cleared for its type, and not needed elsewhere unless there is nobody besides.
pub fn offered<'a>(case: &Waiting, workers: &'a [Worker]) -> Vec<&'a Worker> {
    let spared = fit(case, workers).iter().any(|&at| !workers[at].supervises && !workers[at].is_needed_elsewhere(case));
    let kept = |worker: &&Worker| worker.cleared.contains(&case.case_type) && !(spared && worker.is_needed_elsewhere(case));
    workers.iter().filter(kept).collect()
}

/// The same, those first whom the rules would take first by what each carries now: workers before supervisors, nobody below the case's level
/// before anybody who works at it, and whoever is away after all others.
pub fn in_order<'a>(case: &Waiting, workers: &'a [Worker]) -> Vec<&'a Worker> {
    let place = |worker: &Worker| ((worker.is_away(), !worker.fits(case), worker.supervises), -rank(worker, case, worker.load));
    let mut ranked: Vec<_> = offered(case, workers).into_iter().map(|worker| (place(worker), worker)).collect();
    ranked.sort_by(|(one, _), (other, _)| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    ranked.into_iter().map(|(_, worker)| worker).collect()
}

// Those who can be compared, of those who are there: a worker before one who is needed for restricted cases, a supervisor only where no worker is fit. With few cases
// of their own, or few that are seen, the others would be the first for nearly everything.
fn fit(case: &Waiting, workers: &[Worker]) -> Vec<usize> {
    let (supervisors, own): (Vec<usize>, Vec<usize>) =
        (0..workers.len()).filter(|&at| workers[at].fits(case) && !workers[at].is_away()).partition(|&at| workers[at].supervises);
    let (elsewhere, own): (Vec<usize>, Vec<usize>) = own.into_iter().partition(|&at| workers[at].is_needed_elsewhere(case));
    [own, elsewhere, supervisors].into_iter().find(|some| !some.is_empty()).unwrap_or_default()
}

// Knowing the person outweighs all else; a shared language and the unit outweigh half a load and a quarter.
fn rank(worker: &Worker, case: &Waiting, load: f64) -> f64 {
    let worth = |why: Why| match why {
        Why::KnowsThem => 2.0,
        Why::Speaks => 0.5,
        Why::SameUnit => 0.25,
        Why::CarriesLeast | Why::LeastOfFirst | Why::OnlyOne => 0.0,
    };
    worker.whys(case).map(worth).sum::<f64>() - load
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn worker(id: u128, load: f64) -> Worker {
        Worker {
            id: UserId(Uuid::from_u128(id)),
            name: String::new(),
            units: Vec::new(),
            cleared: vec![1],
            languages: Vec::new(),
            level: None,
            supervises: false,
            apart: false,
            away_until: None,
            load,
        }
    }

    fn waiting() -> Waiting {
        Waiting {
            id: CaseId(Uuid::nil()),
            unit: 11,
            case_type: 1,
            restricted: false,
            level: None,
            languages: vec!["ku".into()],
            before: None,
            weight: 0.1,
        }
    }

    fn chosen(found: &Result<(UserId, Vec<Why>), Lack>) -> u128 {
        found.as_ref().map_or(0, |(id, _)| id.0.as_u128())
    }

    #[test]
    fn who_carries_least_is_proposed_and_the_next_case_goes_to_the_next() {
        let found = propose(&[waiting(), waiting()], &[worker(1, 0.5), worker(2, 0.45)]);
        assert_eq!(found.iter().map(chosen).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(found[0], Ok((UserId(Uuid::from_u128(2)), vec![Why::CarriesLeast])));
    }

    #[test]
    fn nobody_is_said_to_carry_least_beside_somebody_who_carries_less() {
        let by = |id: u128, why: Why| Ok::<_, Lack>((UserId(Uuid::from_u128(id)), vec![why]));
        let found = propose(&[waiting(), waiting()], &[worker(1, 0.5), worker(2, 0.45)]);
        assert_eq!(found, [by(2, Why::CarriesLeast), by(1, Why::LeastOfFirst)]);
        let supervisor = Worker { supervises: true, ..worker(3, 0.16) };
        let junior = Worker { level: Some(1), ..worker(4, 0.2) };
        let severe = Waiting { level: Some(3), ..waiting() };
        for (case, beside) in [(waiting(), supervisor), (severe, junior)] {
            let found = propose(&[case], &[worker(1, 0.7), worker(2, 0.61), beside]);
            assert_eq!(found, [by(2, Why::LeastOfFirst)]);
        }
    }

    #[test]
    fn who_knows_the_person_goes_before_who_speaks_with_them() {
        let speaks = Worker { languages: vec!["ku".into()], ..worker(2, 0.0) };
        let known = Waiting { before: Some(UserId(Uuid::from_u128(1))), ..waiting() };
        assert_eq!(chosen(&propose(&[waiting()], &[worker(1, 0.2), speaks.clone()])[0]), 2);
        assert_eq!(chosen(&propose(&[known], &[worker(1, 0.2), speaks])[0]), 1);
    }

    #[test]
    fn s11_whose_restricted_cases_are_not_seen_is_offered_no_others_unless_nobody_else_is_there_or_they_know_the_person() {
        let apart = Worker { apart: true, cleared: vec![1, 4], ..worker(1, 0.0) };
        let workers = [apart.clone(), worker(2, 0.6), worker(3, 0.7)];
        let found = propose(&[waiting()], &workers);
        assert_eq!(found[0], Ok((UserId(Uuid::from_u128(2)), vec![Why::CarriesLeast])));
        assert_eq!(offered(&waiting(), &workers).iter().map(|one| one.id.0.as_u128()).collect::<Vec<_>>(), [2, 3]);
        let known = Waiting { before: Some(apart.id), ..waiting() };
        assert_eq!(chosen(&propose(&[known], &workers)[0]), 1);
        let restricted = Waiting { case_type: 4, restricted: true, ..waiting() };
        assert_eq!(propose(&[restricted], &workers)[0], Ok((apart.id, vec![Why::OnlyOne])));
        assert_eq!(offered(&waiting(), std::slice::from_ref(&apart)).len(), 1);
    }

    #[test]
    fn whom_a_case_can_be_given_to_stands_in_the_order_of_the_rules() {
        let supervisor = Worker { supervises: true, ..worker(1, 0.0) };
        let speaks = Worker { languages: vec!["ku".into()], ..worker(3, 0.6) };
        let junior = Worker { level: Some(1), ..worker(4, 0.2) };
        let workers = [supervisor, worker(2, 0.3), speaks, junior];
        let severe = Waiting { level: Some(3), ..waiting() };
        let ids = |case: &Waiting| in_order(case, &workers).iter().map(|one| one.id.0.as_u128()).collect::<Vec<_>>();
        assert_eq!((ids(&waiting()), ids(&severe)), (vec![3, 4, 2, 1], vec![3, 2, 1, 4]));
    }

    #[test]
    fn whoever_is_away_is_proposed_nothing_and_stands_last() {
        let away = Worker { away_until: NaiveDate::from_ymd_opt(2026, 12, 10), ..worker(1, 0.0) };
        let workers = [away.clone(), worker(2, 0.6), worker(3, 0.7)];
        assert_eq!(propose(&[waiting()], &workers), [Ok((UserId(Uuid::from_u128(2)), vec![Why::CarriesLeast]))]);
        assert_eq!(in_order(&waiting(), &workers).iter().map(|one| one.id.0.as_u128()).collect::<Vec<_>>(), [2, 3, 1]);
        assert_eq!(propose(&[waiting()], &[away]), [Err(Lack::AllAway)]);
    }

    #[test]
    fn a_supervisor_is_proposed_only_where_no_worker_is_fit() {
        let supervisor = Worker { supervises: true, cleared: vec![1, 2], ..worker(1, 0.0) };
        let found = propose(
            &[waiting(), Waiting { case_type: 2, ..waiting() }, Waiting { weight: 0.3, ..waiting() }],
            &[supervisor, worker(2, 0.8)],
        );
        assert_eq!(found.iter().map(chosen).collect::<Vec<_>>(), [2, 1, 0]);
        assert_eq!(found[2], Err(Lack::NobodyHasRoom));
    }

    #[test]
    fn nobody_is_proposed_beyond_their_clearance_their_level_or_a_full_load() {
        let severe = Waiting { level: Some(3), ..waiting() };
        let junior = Worker { level: Some(1), ..worker(1, 0.0) };
        assert_eq!(propose(std::slice::from_ref(&severe), std::slice::from_ref(&junior)), [Err(Lack::NobodyFit)]);
        assert_eq!(chosen(&propose(&[severe], &[junior, worker(2, 0.8)])[0]), 2);
        assert_eq!(propose(&[Waiting { case_type: 2, ..waiting() }], &[worker(1, 0.0)]), [Err(Lack::NobodyFit)]);
        assert_eq!(propose(&[waiting()], &[worker(1, 0.95)]), [Err(Lack::NobodyHasRoom)]);
    }
}
