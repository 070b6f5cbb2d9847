//! What is planned on a case for later: whoever closes it reads first what is called off with it, and who is told.
use crate::cases::Case;
use crate::error::Error;
use crate::meetings::{self, Ahead};
use crate::platform::db::Work;
use crate::web::Page;

/// What is called off.
#[derive(Default)]
pub(super) struct CalledOff {
    /// How many.
    pub(super) title: String,
    /// The button that does it, where it is done at once.
    pub(super) verb: String,
    /// Each with where it leads, what and when, and who is told.
    pub(super) rows: Vec<(String, String, String)>,
}

/// What closing this case would call off now.
pub(super) async fn called_off(work: &mut Work, p: &Page, case: &Case) -> Result<CalledOff, Error> {
    let ahead = meetings::ahead(work, case.id).await?;
    let count = p.number(ahead.first().map_or(0, |one| one.all));
    let what = |one: &Ahead| p.joined([p.tc("meeting-kind", &one.kind), p.moment(&one.starts_at), case.code.clone()]);
    let row = |one: &Ahead| (format!("{}/meetings/{}", case.path(), one.id), what(one), told(p, one));
    Ok(CalledOff {
        title: p.ta("case-closing-meetings", "count", count.clone()),
        verb: if ahead.is_empty() { p.t("case-closure-verb") } else { p.ta("case-closure-verb-meetings", "count", count) },
        rows: ahead.iter().map(row).collect(),
    })
}

// Who is told by the program, and whom somebody has to tell.
fn told(p: &Page, one: &Ahead) -> String {
    let person = p.t(if one.texted { "case-closing-meeting-texted" } else { "case-closing-meeting-silent" });
    // A conference is about the person, not with them.
    let person = Some(person).filter(|_| one.texted || one.kind != "conference");
    let told = Some(&one.told)
        .filter(|orgs| !orgs.is_empty())
        .map(|orgs| p.detailed(&p.t("case-closing-meeting-told"), &orgs.join(", ")));
    let rest = Some(&one.untold).filter(|orgs| !orgs.is_empty());
    let rest = rest.map(|orgs| p.detailed(&p.t("case-closing-meeting-untold"), &orgs.join(", ")));
    [person, told, rest].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
