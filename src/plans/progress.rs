//! How far the results have come, from one review to the next: a table, and beside it a bar for each review.
use super::line::Line;
use super::plan::Review;
use crate::platform::text::text_with;
use crate::web::Page;
use crate::web::parts::{Badge, Bar, Tone};

/// The results of a plan over its reviews.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// The day of each review.
    pub heads: Vec<String>,
    /// Each result with its words and how far it had come.
    pub rows: Vec<(String, Vec<Badge>)>,
    /// The share that each review found achieved: half for partly.
    pub bars: Vec<Bar>,
    /// What was said at each review.
    pub said: Vec<Told>,
}

/// What was said at one review.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Review or end, day, by whom.
    pub title: String,
    /// How satisfied they were; empty where nobody asked.
    pub satisfaction: String,
    /// What was said in all.
    pub words: String,
    /// What was said of a result.
    pub of_results: Vec<(String, String)>,
}

/// The progress of these results.
pub fn progress(p: &Page, results: &[&Line], reviews: &[Review]) -> Progress {
    let head = |review: &Review| {
        let day = p.reader.day(review.happened_at);
        if review.kind == "end" { p.ta("plan-at-end", "day", day) } else { day }
    };
    let row = |result: &&Line| {
        let cells = reviews.iter().map(|review| badge(p, review.progress.get(&result.id).map(String::as_str)));
        (result.words.clone(), cells.collect())
    };
    Progress {
        heads: reviews.iter().map(head).collect(),
        rows: results.iter().map(row).collect(),
        bars: reviews.iter().map(|review| bar(p, head(review), review)).collect(),
        said: reviews.iter().rev().map(|review| told(p, results, review)).collect(),
    }
}

fn badge(p: &Page, word: Option<&str>) -> Badge {
    match word {
        Some("achieved") => Badge::new(p.t("plan-progress-achieved"), Tone::Good),
        Some("partly") => Badge::new(p.t("plan-progress-partly"), Tone::Info),
        Some("not") => Badge::new(p.t("plan-progress-not"), Tone::Warning),
        _ => Badge::default(),
    }
}

fn bar(p: &Page, label: String, review: &Review) -> Bar {
    let count = |word: &str| review.progress.values().filter(|one| *one == word).count();
    let (achieved, partly, all) = (count("achieved"), count("partly"), review.progress.len());
    let values = [("achieved", p.number(achieved as i64).into()), ("all", p.number(all as i64).into())];
    Bar {
        label,
        figure: text_with(p.reader.lang, "plan-achieved-of", &values),
        share: u32::try_from((achieved * 2 + partly) * 50 / all.max(1)).unwrap_or(0).min(100),
        ..Bar::default()
    }
}

fn told(p: &Page, results: &[&Line], review: &Review) -> Told {
    let kind = if review.kind == "end" { "plan-end" } else { "plan-review" };
    let of_result = |result: &&Line| Some((result.words.clone(), review.said.of_results.get(&result.id)?.clone()));
    Told {
        title: p.joined([p.t(kind), p.reader.day(review.happened_at), review.author_name.clone()]),
        satisfaction: satisfaction(p, review),
        words: review.said.words.clone(),
        of_results: results.iter().filter_map(of_result).collect(),
    }
}

fn satisfaction(p: &Page, review: &Review) -> String {
    match review.satisfaction {
        Some(step) => p.tc("plan-satisfaction", &step.to_string()),
        None if review.unsaid => p.t("plan-satisfaction-unsaid"),
        None if review.said.unasked.is_empty() => String::new(),
        None => p.detailed(&p.t("plan-satisfaction-unasked"), &review.said.unasked),
    }
}
