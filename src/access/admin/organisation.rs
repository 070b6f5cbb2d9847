//! The organisation's particulars: every deadline is counted by its calendar, and refusals elsewhere name its general desk.
use askama::Template;
use axum::response::Response;
use chrono::NaiveDate;

use super::page;
use crate::access::Act;
use crate::audit::{About, Fact};
use crate::error::{Error, changed};
use crate::platform::db::Work;
use crate::platform::lang::Lang;
use crate::web::parts::Choice;
use crate::web::{Form, Page, Routes};

/// More lines than this push the letter itself off its first page.
const MOST_LINES: usize = 6;

const DAYS: [&str; 7] = ["1", "2", "3", "4", "5", "6", "7"];

/// The page of the organisation.
pub(super) fn routes() -> Routes {
    Routes::new().page("GET", "/admin/organisation", edit).page("POST", "/admin/organisation", update)
}

#[derive(Template)]
#[template(path = "access/html/admin/organisation.html")]
struct Edit {
    p: Page,
    form: Form,
    langs: Vec<Choice>,
    days: Vec<Choice>,
}

async fn shown(work: &mut Work, form: Form) -> Result<Edit, Error> {
    let p = page(work, "admin-organisation").await?;
    let langs = Lang::ALL.iter().map(|lang| Choice::new(lang.code(), lang.own_name())).collect();
    let days = DAYS.iter().map(|day| Choice::new(*day, p.tc("admin-day", day))).collect();
    Ok(Edit { p, form, langs, days })
}

/// GET /admin/organisation
async fn edit(mut work: Work) -> Result<Response, Error> {
    work.may(Act::AdminUnits)?;
    let org = work.standing.org;
    let row = sqlx::query!(
        "select name, lang, time_zone, weekend, holidays, general_desk, letterhead, version from organisations where id = $1",
        org
    )
    .fetch_one(work.db())
    .await?;
    let holidays: Vec<String> = row.holidays.iter().map(ToString::to_string).collect();
    let mut form = Form::blank([
        ("name", row.name),
        ("lang", row.lang),
        ("time_zone", row.time_zone),
        ("holidays", holidays.join("\n")),
        ("general_desk", row.general_desk),
        ("letterhead", row.letterhead),
        ("version", row.version.to_string()),
    ]);
    form.set_all("weekend", row.weekend.iter().map(ToString::to_string).collect());
    let page = shown(&mut work, form).await?;
    work.show_plain(page).await
}

struct Particulars {
    name: String,
    lang: String,
    time_zone: String,
    weekend: Vec<i32>,
    holidays: Vec<NaiveDate>,
    general_desk: String,
    letterhead: String,
    version: i32,
}

fn read(form: &mut Form) -> Result<Particulars, Error> {
    let particulars = Particulars {
        name: form.text("name", 200),
        lang: form.one_of("lang", Lang::ALL.iter().map(|lang| lang.code())),
        time_zone: form.text("time_zone", 60),
        weekend: form.some_of("weekend", DAYS).iter().filter_map(|day| day.parse().ok()).collect(),
        holidays: holidays(form),
        general_desk: form.text_maybe("general_desk", 200),
        letterhead: form.text_maybe("letterhead", 600),
        version: form.parsed("version").unwrap_or_default(),
    };
    if particulars.time_zone.parse::<chrono_tz::Tz>().is_err() {
        form.errors.add("time_zone", "not_a_time_zone");
    }
    if particulars.letterhead.lines().count() > MOST_LINES {
        form.errors.add("letterhead", "too_long");
    }
    // A week without a working day would stop every clock.
    if particulars.weekend.len() == DAYS.len() {
        form.errors.add("weekend", "no_working_day");
    }
    form.check().map(|()| particulars)
}

fn holidays(form: &mut Form) -> Vec<NaiveDate> {
    let lines: Vec<String> = form
        .value("holidays")
        .split(['\n', ',', ' '])
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    let mut dates: Vec<NaiveDate> = lines.iter().filter_map(|line| crate::web::form::digits(line).parse().ok()).collect();
    if dates.len() != lines.len() || dates.len() > 400 {
        form.errors.add("holidays", "not_a_date");
    }
    dates.sort_unstable();
    dates.dedup();
    dates
}

/// POST /admin/organisation
async fn update(mut work: Work, mut form: Form) -> Result<Response, Error> {
    work.may(Act::AdminUnits)?;
    let Ok(new) = read(&mut form) else {
        let page = shown(&mut work, form).await?;
        return work.show_again(&page);
    };
    let org = work.standing.org;
    let done = sqlx::query!(
        "update organisations set name = $3, lang = $4, time_zone = $5, weekend = $6, holidays = $7, general_desk = $8, letterhead = $9, version = version + 1 where id = $1 and version = $2",
        org,
        new.version,
        new.name,
        new.lang,
        new.time_zone,
        &new.weekend,
        &new.holidays,
        new.general_desk,
        new.letterhead
    )
    .execute(work.db())
    .await?;
    changed(done.rows_affected())?;
    work.record(Fact::UnitChanged, About::default().note(serde_json::json!({ "organisation": org }))).await?;
    work.then("/admin/organisation", "admin-saved").await
}
