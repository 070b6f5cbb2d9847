//! Making a file: copies are read in chunks under the rights of whoever asks, opened, cut into rows and written.
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::json;
use uuid::Uuid;
use xforms::instance::Instance;
use xforms::session::Plan;

use super::cell::{Cell, Holds};
use super::columns::{self, Table};
use super::csv::Csv;
use super::parquet::Parquet;
use super::rows::{self, Cutting, Labels};
use super::store::{self, CHUNK, Copy};
use super::wanted::Wanted;
use super::xlsx::{Look, Xlsx};
use super::{MOST_ROWS, MOST_TEXT};
use crate::audit::{About, Fact};
use crate::error::{Error, invalid};
use crate::forms::store::ANSWERS;
use crate::forms::{Form, plans};
use crate::platform::db::{Actor, Ground, Work};
use crate::platform::ids::{EditionId, OrgId, RowId};
use crate::platform::text::text;

/// A file that was made.
pub struct Made {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Their type.
    pub media_type: &'static str,
    /// The ending of its name.
    pub ending: &'static str,
    /// How many copies it holds.
    pub copies: i64,
}

/// Whoever follows how far a file has come: the job that makes it.
pub struct Follower {
    /// What the program stands on.
    pub ground: Arc<Ground>,
    /// The organisation.
    pub org: OrgId,
    /// The export.
    pub export: RowId,
    /// Its job.
    pub job: Uuid,
}

impl Follower {
    // In a work of its own: the job's commits at its end, and people look meanwhile.
    async fn told(&self, done: i64) -> Result<(), Error> {
        let mut work = Work::open(&self.ground, Actor::System { job: "forms.export", org: Some(self.org) }).await?;
        store::progress(&mut work, self.export, self.job, done).await?;
        work.commit().await
    }
}

/// Makes a file of the copies that this work's actor sees. Each chunk is a fact that names its cases.
pub async fn make(work: &mut Work, form: &Form, wanted: &Wanted, follower: Option<&Follower>) -> Result<Made, Error> {
    let org = work.org().ok_or(Error::SignIn)?;
    let (_, editions) = store::extent(work, form, wanted, org).await?;
    let mut maker = Maker::new(work, wanted, &editions).await?;
    let (mut after, mut copies) = (None, 0);
    loop {
        let chunk = store::copies(work, form, wanted, org, after).await?;
        let Some(last) = chunk.last() else { break };
        after = Some((last.completed_at, last.id));
        copies += chunk.len() as i64;
        let full = chunk.len() as i64 == CHUNK;
        let cases: BTreeSet<Uuid> = chunk.iter().map(|copy| copy.case_id).collect();
        let names = names(work, wanted, &chunk).await?;
        maker = maker.add(work, chunk, names).await?;
        let note = json!({ "what": "form", "form": form.code, "as": wanted.format, "names": wanted.names });
        work.record(Fact::Exported, About::subjects(cases).note(note)).await?;
        if let Some(follower) = follower {
            follower.told(copies).await?;
        }
        if !full {
            break;
        }
    }
    let (bytes, media_type, ending) = blocking(move || maker.out.finish()).await?;
    Ok(Made { bytes, media_type, ending, copies })
}

// The names of the persons of standard cases, where they are asked for; a guarded one's is not even read (S13).
async fn names(work: &mut Work, wanted: &Wanted, chunk: &[Copy]) -> Result<HashMap<Uuid, String>, Error> {
    if !wanted.names {
        return Ok(HashMap::new());
    }
    let open: Vec<Uuid> = chunk.iter().filter(|copy| copy.sensitivity == "standard").map(|copy| copy.person_id).collect();
    crate::cases::list::names(work, &open).await
}

struct Maker {
    tables: Arc<Vec<Table>>,
    labels: Arc<HashMap<EditionId, Labels>>,
    with_names: bool,
    out: Out,
    rows: Vec<usize>,
    text: usize,
}

enum Out {
    Csv(Csv),
    Xlsx(Box<Xlsx>),
    Parquet(Parquet),
}

impl Maker {
    async fn new(work: &mut Work, wanted: &Wanted, editions: &[EditionId]) -> Result<Self, Error> {
        let mut made: Vec<(EditionId, Arc<Plan>)> = Vec::new();
        for edition in editions {
            made.push((*edition, plans::plan(work, *edition).await?));
        }
        let (lang, zone) = (work.lang(), work.zone());
        let (wanted, folder) = (wanted.clone(), work.ground().files.join("form_exports"));
        tokio::fs::create_dir_all(&folder).await.map_err(anyhow::Error::from)?;
        blocking(move || {
            let forms: Vec<&xforms::form::Form> = made.iter().map(|(_, plan)| plan.form()).collect();
            let tables = columns::tables(&forms, &wanted, lang);
            let labels = made.iter().map(|(id, plan)| (*id, rows::labels(plan, &wanted, lang))).collect();
            let out = Out::new(
                &tables,
                &wanted,
                |head| text(lang, &format!("form-export-column-{}", head.replace('_', "-"))),
                (zone, folder.as_path()),
            )?;
            let rows = vec![0; tables.len()];
            Ok(Self { tables: Arc::new(tables), labels: Arc::new(labels), with_names: wanted.names, out, rows, text: 0 })
        })
        .await
    }

    // Opening, reading and writing take a processor: not on a thread that answers requests.
    async fn add(mut self, work: &Work, chunk: Vec<Copy>, names: HashMap<Uuid, String>) -> Result<Self, Error> {
        let ground = work.ground().clone();
        let zone = work.zone();
        let added = blocking(move || {
            for copy in &chunk {
                let Some(wrapped) = &copy.key else { continue };
                let key = ground.keyring.unwrap(copy.case_id, wrapped)?;
                let xml = key.open_text(ANSWERS, &copy.answers)?;
                let tree = Instance::read(&xml).map_err(|error| anyhow::anyhow!("a kept copy can't be read: {error}"))?;
                let moment = |at: &DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%dT%H:%M:%S%:z").to_string();
                let mut leading = vec![
                    Cell::text(&*copy.instance_id),
                    Cell::text(&*copy.code),
                    Cell::Whole(copy.edition.into()),
                    Cell::text(moment(&copy.completed_at)),
                    Cell::text(moment(&copy.arrived_at)),
                    Cell::Whole(copy.disputed.into()),
                    copy.names_other.map_or(Cell::Blank, |is| Cell::Whole(is.into())),
                ];
                if self.with_names {
                    leading.push(Cell::text(names.get(&copy.person_id).cloned().unwrap_or_default()));
                    leading.push(Cell::text(&*copy.author_name));
                }
                let empty = Labels::new();
                let labels = self.labels.get(&copy.edition_id).unwrap_or(&empty);
                // Where a protected family lives is told by no list (S18).
                let cutting = Cutting { tables: &self.tables, labels, places: copy.sensitivity == "standard" };
                for (table, cells) in cutting.rows(&tree, &copy.instance_id, leading) {
                    self.rows[table] += 1;
                    self.text += cells.iter().map(Cell::size).sum::<usize>();
                    if self.rows[table] > MOST_ROWS || self.text > MOST_TEXT {
                        return Ok(None);
                    }
                    self.out.row(table, cells)?;
                }
            }
            Ok(Some(self))
        })
        .await?;
        added.ok_or_else(|| invalid("from", "form_export_large"))
    }
}

impl Out {
    fn new(tables: &[Table], wanted: &Wanted, say: impl Fn(&str) -> String, (zone, folder): (Tz, &Path)) -> anyhow::Result<Self> {
        let leading = |at: usize| columns::leading(wanted, at == 0);
        let called = |head: &str| if wanted.labels { say(head) } else { head.to_owned() };
        let heads = |(at, table): (usize, &Table)| {
            let own = table.columns.iter().map(|column| column.heading.clone());
            (table.name.clone(), leading(at).into_iter().map(called).chain(own).collect::<Vec<_>>())
        };
        let described: Vec<(String, Vec<String>)> = tables.iter().enumerate().map(heads).collect();
        Ok(match wanted.format.as_str() {
            "xlsx" => {
                let looks = |(at, table): (usize, &Table)| {
                    let own = table.columns.iter().map(|column| Look::of(column.holds, column.is_computed));
                    leading(at).into_iter().map(|head| Look::of(leads(head), false)).chain(own).collect::<Vec<_>>()
                };
                let looks = tables.iter().enumerate().map(looks).collect();
                Self::Xlsx(Box::new(Xlsx::new(&described, looks, zone, folder)?))
            }
            "parquet" => {
                let holds = |(at, table): (usize, &Table)| {
                    let own = table.columns.iter().map(|column| column.holds);
                    leading(at).into_iter().map(leads).chain(own).collect::<Vec<_>>()
                };
                Self::Parquet(Parquet::new(&described, tables.iter().enumerate().map(holds).collect())?)
            }
            _ => Self::Csv(Csv::new(&described)?),
        })
    }

    fn row(&mut self, table: usize, cells: Vec<Cell>) -> anyhow::Result<()> {
        match self {
            Self::Csv(csv) => csv.row(table, &cells),
            Self::Xlsx(xlsx) => xlsx.row(table, &cells),
            Self::Parquet(parquet) => parquet.row(table, cells),
        }
    }

    fn finish(self) -> anyhow::Result<(Vec<u8>, &'static str, &'static str)> {
        match self {
            Self::Csv(csv) => csv.finish(),
            Self::Xlsx(xlsx) => xlsx.finish(),
            Self::Parquet(parquet) => parquet.finish(),
        }
    }
}

// What the columns before the questions hold.
fn leads(head: &str) -> Holds {
    match head {
        "edition" | "disputed" | "names_other" => Holds::Whole,
        "completed_at" | "arrived_at" => Holds::Moment,
        _ => Holds::Text,
    }
}

async fn blocking<T: Send + 'static>(run: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> Result<T, Error> {
    Ok(tokio::task::spawn_blocking(run).await.map_err(anyhow::Error::from)??)
}
