//! `throughcare bench`: measures the speed budgets on private databases that are thrown away.
use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use axum::body::Body;
use http::Request;
use tower::ServiceExt;

use super::{set_up, synth};
use crate::bench::{budgets, desk, guard, letters, pages, report::Report};
use crate::config::{Config, Database};

/// Measures over worlds of so many households each, the smallest first, and writes the report.
pub async fn run(config: &Config, scales: &[u32], path: &Path, worlds: Option<&Path>) -> anyhow::Result<()> {
    let mut report = Report::default();
    for scale in scales {
        eprintln!("A world of {scale} households");
        let thrown_away = std::env::temp_dir().join(format!("throughcare-bench-{}", std::process::id()));
        let folder = worlds.unwrap_or(&thrown_away).join(scale.to_string());
        let measured = Box::pin(measure(config, *scale, &folder, &mut report)).await;
        std::fs::remove_dir_all(&thrown_away).ok();
        measured?;
    }
    compare(&mut report, scales);
    letters::measure(scales.last().copied().unwrap_or_default(), &mut report)?;
    guard::measure(scales.last().copied().unwrap_or_default(), &mut report);
    std::fs::write(path, serde_json::to_string_pretty(&report.0)?)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    println!("{}", report.table(scales));
    eprintln!("{} values are in {}; {} miss their budget", report.0.len(), path.display(), report.misses());
    Ok(())
}

async fn measure(config: &Config, scale: u32, folder: &Path, report: &mut Report) -> anyhow::Result<()> {
    let mut config = config.clone();
    config.storage.database = Database::Private;
    config.storage.data = folder.to_owned();
    config.storage.keyring = folder.join("keyring.toml");
    if !folder.join("made").exists() {
        let opened = set_up::open(&config).await?;
        let start = Instant::now();
        let filled = synth::fill(&opened, scale).await;
        opened.close().await?;
        filled?;
        std::fs::write(folder.join("made"), "")?;
        report.counted("making the world", scale, "s", start.elapsed().as_secs_f64());
    }
    forget_peak_memory();
    let start = Instant::now();
    let opened = set_up::open(&config).await?;
    let app = desk::service(opened.ground.clone());
    let measured = async {
        let first = app.clone().oneshot(Request::get("/sign-in").body(Body::empty())?).await?;
        anyhow::ensure!(first.status().is_success(), "the first page answers {}", first.status());
        report.within("start to first page", scale, "s", start.elapsed().as_secs_f64(), budgets::START);
        pages::measure(&opened, &app, scale, report).await
    };
    let measured = measured.await;
    if let Some(most) = peak_memory() {
        report.within("memory of the program", scale, "MB", most, budgets::MEMORY);
    }
    opened.close().await?;
    measured
}

// A page over the large world against the same page over the small one.
fn compare(report: &mut Report, scales: &[u32]) {
    let (Some(small), Some(large)) = (scales.first(), scales.last()) else { return };
    if small == large {
        return;
    }
    let names: Vec<String> = report
        .0
        .iter()
        .filter(|line| line.name.ends_with(" p95") && line.scale == *large)
        .map(|line| line.name.clone())
        .collect();
    for name in names {
        if let (Some(little), Some(much)) = (report.value(&name, *small), report.value(&name, *large)) {
            report.within(format!("{name}, large to small"), *large, "ratio", much / little.max(0.1), budgets::RATIO);
        }
    }
}

// The making of the world is not the program's everyday work, so what it took does not count.
fn forget_peak_memory() {
    std::fs::write("/proc/self/clear_refs", "5").ok();
}

// What the process took at most since then, in megabytes.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1000.0)
}
