//! How long a letter takes to become a PDF: the first one, which reads the fonts, and later ones.
use std::time::Instant;

use super::report::Report;
use crate::letters::paper::{self, Answer, Content, Letterhead, Section};
use crate::platform::lang::Lang;

/// Letters printed after the first.
const LATER: usize = 20;

/// Adds both times to the report.
pub fn measure(scale: u32, report: &mut Report) -> anyhow::Result<()> {
    let start = Instant::now();
    let size = print(0)?;
    report.counted("letter as PDF, the first", scale, "ms", start.elapsed().as_secs_f64() * 1000.0);
    let start = Instant::now();
    for number in 1..=LATER {
        print(number)?;
    }
    #[expect(clippy::cast_precision_loss, reason = "twenty letters of some kilobytes")]
    let (later, size) = (start.elapsed().as_secs_f64() * 1000.0 / LATER as f64, size as f64 / 1000.0);
    report.counted("letter as PDF, later ones", scale, "ms", later);
    report.counted("letter as PDF, size", scale, "kB", size);
    Ok(())
}

fn print(number: usize) -> anyhow::Result<usize> {
    let bytes = paper::render(&letter(number)).map_err(|error| anyhow::anyhow!("a letter can't be printed: {error:?}"))?;
    Ok(bytes.len())
}

fn letter(number: usize) -> Content {
    let row = |at: usize| (format!("Label {at}"), format!("Value {number}-{at}, قيمة"));
    Content {
        lang: if number.is_multiple_of(2) { Lang::En } else { Lang::Ar },
        letterhead: Letterhead { org_name: "Harbour".into(), lines: vec!["1 Quay Street".into()], ..Letterhead::default() },
        date: "26/11/2026".into(),
        reference: format!("R-{number}"),
        recipient: vec!["Clinic".into(), "Reception".into()],
        subject: "Physiotherapy".into(),
        paragraphs: vec!["A paragraph of a letter, about as long as people write them when time is short. ".repeat(6); 3],
        sections: (0..3)
            .map(|at| Section { title: format!("Part {at}"), rows: (0..6).map(row).collect(), withheld: false })
            .collect(),
        answer: Some(Answer {
            url: format!("https://care.example/r/{number:022}"),
            address: "https://care.example/r".into(),
            short_code: "K7MQ-2PXW-4".into(),
            expires: "26/12/2026".into(),
        }),
        ..Content::default()
    }
}
