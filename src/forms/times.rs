//! When a copy from a device was begun and completed there, and when it came here. A device is believed as far as it can be true: nothing is
//! begun before its form was published, nothing completed after it came, and nothing begun after it was completed.
use chrono::{DateTime, Utc};
use xforms::form::Form;
use xforms::instance::Instance;

use super::{Edition, Received, plans, store};
use crate::error::Error;
use crate::platform::db::Work;

/// What a device says beside the form.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said {
    /// When it was begun.
    pub begun: Option<DateTime<Utc>>,
    /// When whoever filled it in handed it in, perhaps without a network.
    pub handed_in: Option<DateTime<Utc>>,
}

/// The times of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// When it was begun.
    pub begun: DateTime<Utc>,
    /// When it was completed.
    pub completed: DateTime<Utc>,
    /// When it came here.
    pub arrived: DateTime<Utc>,
}

/// The times of a copy that came then: what its device says, or else what its form noted.
pub async fn of(work: &mut Work, edition: &Edition, received: &Received, arrived: DateTime<Utc>) -> Result<Times, Error> {
    let tree = Instance::read(&received.xml).map_err(|error| anyhow::anyhow!("a received copy can't be read: {error}"))?;
    // A form that can't be made ready notes nothing, and its copy is kept all the same.
    let plan = plans::plan_maybe(work, edition.id).await?;
    let own = |which| plan.as_ref().and_then(|plan| noted(plan.form(), &tree, which));
    let begun = received.said.begun.or_else(|| own("start"));
    let completed = received.said.handed_in.or_else(|| own("end"));
    Ok(bounded((begun, completed), published(work, edition).await?, arrived))
}

// Since when a copy can be filled in. One form may have been published twice at the same version, which devices can't tell apart.
async fn published(work: &mut Work, edition: &Edition) -> Result<Option<DateTime<Utc>>, Error> {
    let editions = store::editions(work, edition.form_id).await?;
    let alike = editions.iter().filter(|one| one.form_version == edition.form_version);
    Ok(alike.filter_map(|one| one.published_at).min())
}

// The answer of a question that takes the time at the start or at the end.
fn noted(form: &Form, tree: &Instance, which: &str) -> Option<DateTime<Utc>> {
    let mut path = None;
    form.walk(&mut |node| {
        if node.bind.preload.as_ref().is_some_and(|preload| preload.what == "timestamp" && preload.parameter == which) {
            path = Some(node.path.clone());
        }
    });
    DateTime::parse_from_rfc3339(tree.text(tree.find(&path?)?).trim()).ok().map(|at| at.to_utc())
}

fn bounded(
    (begun, completed): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    published: Option<DateTime<Utc>>,
    arrived: DateTime<Utc>,
) -> Times {
    let was_there = |at: &DateTime<Utc>| published.is_none_or(|published| *at >= published);
    let completed = completed.filter(|at| was_there(at) && *at <= arrived).unwrap_or(arrived);
    let begun = begun.filter(|at| was_there(at) && *at <= completed).unwrap_or(completed);
    Times { begun, completed, arrived }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s31_a_device_is_believed_as_far_as_it_can_be_true() {
        let at = |minutes: i64| DateTime::from_timestamp(minutes * 60, 0).expect("a moment");
        let times = |begun, completed| {
            let times = bounded((begun, completed), Some(at(1)), at(9));
            (times.begun, times.completed)
        };
        assert_eq!(times(Some(at(1)), Some(at(8))), (at(1), at(8)));
        assert_eq!(times(None, None), (at(9), at(9)));
        assert_eq!(times(Some(at(1)), None), (at(1), at(9)));
        assert_eq!(times(Some(at(20)), Some(at(30))), (at(9), at(9)), "not in the future");
        assert_eq!(times(Some(at(8)), Some(at(5))), (at(5), at(5)), "not begun after it was completed");
        assert_eq!(times(Some(at(0)), Some(at(0))), (at(9), at(9)), "not before its form was published");
        assert_eq!(times(Some(at(0)), Some(at(5))), (at(5), at(5)), "nor begun before that");
    }
}
