//! Searching the directory: one query for the page, whatever was asked, and one before it where words were.
use chrono::{DateTime, Datelike, Utc};

use crate::directory::service::{Listed, Visibility};
use crate::directory::vocabulary;
use crate::error::Error;
use crate::platform::db::Work;
use crate::platform::ids::{OrgId, ServiceId, UnitId};
use crate::platform::lang::Lang;

/// Services on one page of a list.
pub const PAGE: i64 = 30;

/// When a service must be open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Openness {
    /// It does not matter.
    #[default]
    Any,
    /// At this moment, on the reader's clock.
    Now,
    /// On this weekday, 1 Monday to 7 Sunday.
    On(i16),
}

/// Which services to offer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Taking {
    /// All of them, those that accept first.
    #[default]
    Any,
    /// Only those that accept now.
    AcceptingNow,
}

/// How far an area counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reach {
    /// Services elsewhere are left out; those without a place, such as telephone lines, stay.
    #[default]
    InArea,
    /// Services elsewhere come last.
    Anywhere,
}

/// What is searched for; an empty field asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// A need's code.
    pub need: String,
    /// Words of the service's or organisation's name or description.
    pub text: String,
    /// `Amman` or `Amman / Downtown`: the area, or the area and a district of it, which then comes first.
    pub area: String,
    pub reach: Reach,
    /// A language's code.
    pub language: String,
    pub open: Openness,
    pub taking: Taking,
    /// Only this organisation's.
    pub org: Option<OrgId>,
    /// Counted from 1; 0 is the first too.
    pub page: i64,
    /// Services a page; 0 for [`PAGE`].
    pub size: i64,
    /// These are left out.
    pub exclude: Vec<ServiceId>,
}

/// A page of services and how many there are in all, as far as the reader may see.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    pub services: Vec<Listed>,
    pub total: i64,
}

impl Question {
    // Marks that are written above and below letters belong to their word.
    fn words(&self) -> Vec<String> {
        let parts = self.text.split(|c: char| !c.is_alphanumeric() && !('\u{300}'..='\u{36f}').contains(&c));
        parts.filter(|word| !word.is_empty()).take(8).map(str::to_owned).collect()
    }

    fn weekday(&self, today: i16) -> Option<i16> {
        match self.open {
            Openness::Any => None,
            Openness::Now => Some(today),
            Openness::On(day) => Some(day),
        }
    }

    fn places(&self) -> (&str, &str) {
        let (admin1, admin2) = self.area.split_once(" / ").unwrap_or((&self.area, ""));
        (admin1.trim(), admin2.trim())
    }
}

// Every word must begin a word of the entry, of its organisation's name, or, in any language, of what a need is called that it answers. What is
// asked is folded by the same function as what is kept; only letters and digits reach the query language.
async fn sought(work: &mut Work, question: &Question) -> Result<String, Error> {
    let words = question.words();
    if words.is_empty() {
        return Ok(String::new());
    }
    let known = vocabulary(work).await?;
    let called = known.needs.iter().flat_map(|(code, labels)| Lang::ALL.map(|lang| (code.clone(), labels.get(lang).to_owned())));
    let (codes, labels): (Vec<String>, Vec<String>) = called.unzip();
    let rows = sqlx::query!(
        r#"with asked as materialized (select nth, access.bare(access.folded(word)) as word from unnest($1::text[]) with ordinality a (word, nth)),
             called as materialized (select code, ' ' || access.found_by(label) as label from unnest($2::text[], $3::text[]) l (code, label))
           select word as "word!", array(select distinct code from called where label like '% ' || word || '%') as "needs!" from asked order by nth"#,
        &words,
        &codes,
        &labels
    )
    .fetch_all(work.db())
    .await?;
    let wanted = rows.into_iter().filter_map(|row| {
        let word: String = row.word.chars().filter(|c| c.is_alphanumeric()).collect();
        let needs = row.needs.iter().map(|code| format!("'need={code}'"));
        let any: Vec<String> = std::iter::once(format!("'{word}':*")).chain(needs).collect();
        (!word.is_empty()).then(|| format!("({})", any.join(" | ")))
    });
    Ok(wanted.collect::<Vec<_>>().join(" & "))
}

#[expect(clippy::too_many_lines, reason = "one statement; its parts read no better apart")]
/// The services that answer the question: those that accept first, then the nearest, then the freshest entries.
pub async fn search(work: &mut Work, question: &Question) -> Result<Found, Error> {
    let zone = work.standing.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let local = work.now().with_timezone(&zone);
    let (weekday, time) = (local.weekday().number_from_monday() as i16, local.time());
    let (admin1, admin2) = question.places();
    let size = if question.size == 0 { PAGE } else { question.size };
    let org = work.org();
    let sought = sought(work, question).await?;
    let exclude: Vec<uuid::Uuid> = question.exclude.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select s.id, s.org, access.named(o.names, o.name, $1) as "org_name!", o.in_system, s.unit, access.named(s.names, s.name, $1) as "name!", s.needs, s.languages,
             s.min_age, s.max_age, s.sexes, s.capacity, s.places_free, s.waiting_days, s.requires_approval, s.visibility, s.verified_at,
             s.status = 'active' and not s.not_accepting as "accepting!", place.admin1 as "admin1?", place.admin2 as "admin2?",
             coalesce(place.near, 0) as "near!", hours.open_now as "open_now?", s.org = any ((select access.my_orgs_for('service.edit'))::int[]) as "own!",
             (select kind from agreements a where a.from_org = $2 and a.to_org = s.org and a.starts_on <= $3 and (a.ends_on is null or a.ends_on >= $3)
                order by a.starts_on desc limit 1) as "agreement?",
             count(*) over () as "total!"
           from services s join organisations o on o.id = s.org and o.active
           left join lateral (select l.admin1, l.admin2, case when $4 = '' then 0 when lower(l.admin1) = lower($4) and lower(l.admin2) = lower($5) then 3
                when lower(l.admin1) = lower($4) or lower(l.admin2) = lower($4) then 2 else 0 end as near
              from locations l where l.service_id = s.id order by near desc, l.admin1, l.admin2 limit 1) place on true
           left join lateral (select bool_or(case when h.opens < h.closes then h.weekday = $6 and h.opens <= $7 and $7 < h.closes
                else (h.weekday = $6 and h.opens <= $7) or (h.weekday % 7 + 1 = $6 and $7 < h.closes) end) as open_now,
                bool_or(h.weekday = $8) as open_that_day
              from opening_hours h where h.service_id = s.id) hours on true
           where s.status <> 'defunct'
             and ($9 = '' or s.needs @> array[$9])
             and ($10::text = '' or s.search @@ nullif($10::text, '')::tsquery or s.org in (select found.id from organisations found
                where to_tsvector('simple', access.found_by(found.name || ' ' || found.names::text)) @@ nullif($10::text, '')::tsquery))
             and ($4 = '' or $18 or place.near > 0 or place.admin1 is null)
             and ($11 = '' or s.languages @> array[$11])
             and ($8::smallint is null or case when $12 then hours.open_now else hours.open_that_day end)
             and (not $13 or (s.status = 'active' and not s.not_accepting))
             and ($14::int is null or s.org = $14) and s.id <> all ($15::uuid[])
           order by (s.status = 'active' and not s.not_accepting) desc, coalesce(place.near, case when $4 = '' then 0 else 1 end) desc,
             s.verified_at desc nulls last, 6, s.id
           offset $16 limit $17"#,
        work.lang().code(),
        org,
        local.date_naive(),
        admin1,
        admin2,
        weekday,
        time,
        question.weekday(weekday),
        question.need,
        sought,
        question.language,
        question.open == Openness::Now,
        question.taking == Taking::AcceptingNow,
        question.org,
        &exclude,
        (question.page.max(1) - 1).saturating_mul(size),
        size,
        question.reach == Reach::Anywhere
    )
    .fetch_all(work.db())
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let asked_area = !admin1.is_empty();
    Ok(Found { services: rows.into_iter().map(|row| row.listed(asked_area)).collect(), total })
}

/// A row of the search.
struct Row {
    id: uuid::Uuid,
    org: OrgId,
    org_name: String,
    in_system: bool,
    unit: Option<UnitId>,
    name: String,
    needs: Vec<String>,
    languages: Vec<String>,
    min_age: Option<i32>,
    max_age: Option<i32>,
    sexes: Vec<String>,
    capacity: Option<i32>,
    places_free: Option<i32>,
    waiting_days: Option<i32>,
    requires_approval: bool,
    visibility: String,
    verified_at: Option<DateTime<Utc>>,
    accepting: bool,
    admin1: Option<String>,
    admin2: Option<String>,
    near: i32,
    open_now: Option<bool>,
    own: bool,
    agreement: Option<String>,
    total: i64,
}

impl Row {
    fn listed(self, asked_area: bool) -> Listed {
        Listed {
            id: ServiceId(self.id),
            org: self.org,
            org_name: self.org_name,
            in_system: self.in_system,
            unit: self.unit,
            name: self.name,
            needs: self.needs,
            languages: self.languages,
            min_age: self.min_age,
            max_age: self.max_age,
            sexes: self.sexes,
            has_place: self.admin1.is_some(),
            in_area: (asked_area && self.admin1.is_some()).then_some(self.near > 0),
            admin1: self.admin1.unwrap_or_default(),
            admin2: self.admin2.unwrap_or_default(),
            accepting: self.accepting,
            capacity: self.capacity,
            places_free: self.places_free,
            waiting_days: self.waiting_days,
            requires_approval: self.requires_approval,
            visibility: Visibility::of(&self.visibility),
            verified_at: self.verified_at,
            agreement: self.agreement,
            open_now: self.open_now,
            own: self.own,
        }
    }
}

/// The areas in which the reader knows of services, as `Amman` and `Amman / Downtown`.
pub async fn areas(work: &mut Work) -> Result<Vec<String>, Error> {
    let areas = sqlx::query_scalar!(
        r#"select distinct a as "area!" from locations l cross join unnest(array[l.admin1, case when l.admin2 <> '' then l.admin1 || ' / ' || l.admin2 end]) a
           where l.admin1 <> '' and a is not null order by 1"#
    )
    .fetch_all(work.db())
    .await?;
    Ok(areas)
}
