//! `throughcare bench`: measures the speed budgets on private databases that are thrown away.
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use axum::body::Body;
use http::Request;
use tower::ServiceExt;

use super::{set_up, synth};
use crate::bench::{budgets, desk, guard, letters, pages, report::Report, screening, served};
use crate::config::{Config, Database};

/// What to measure, and where the report goes.
#[derive(clap::Args)]
pub struct Arguments {
    /// Where the report goes.
    #[arg(long, default_value = "bench-report.json")]
    report: PathBuf,
    /// How many households in each world, the smallest first.
    #[arg(long, value_delimiter = ',', default_value = "2000,6667,200000", env = "THROUGHCARE_BENCH_HOUSEHOLDS")]
    households: Vec<u32>,
    /// How many households to screen; none for no screening.
    #[arg(long, default_value_t = 1_000_000, env = "THROUGHCARE_BENCH_SCREENING")]
    screening: u32,
    /// A Python that has openfisca-core, which judges the same households beside.
    #[arg(long, env = "THROUGHCARE_BENCH_OPENFISCA")]
    openfisca: Option<PathBuf>,
    /// Keep the worlds in this folder, and measure those that are there instead of making them.
    #[arg(long)]
    worlds: Option<PathBuf>,
}

/// Measures over worlds of so many households each, the smallest first, and writes the report.
pub async fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments { report: path, households: scales, worlds, .. } = arguments;
    let mut report = Report::default();
    for scale in scales {
        eprintln!("A world of {scale} households");
        let thrown_away = std::env::temp_dir().join(format!("throughcare-bench-{}", std::process::id()));
        let folder = worlds.as_deref().unwrap_or(&thrown_away).join(scale.to_string());
        let measured = Box::pin(measure(config, *scale, &folder, &mut report)).await;
        std::fs::remove_dir_all(&thrown_away).ok();
        measured?;
    }
    compare(&mut report, scales);
    letters::measure(scales.last().copied().unwrap_or_default(), &mut report)?;
    guard::measure(scales.last().copied().unwrap_or_default(), &mut report);
    if arguments.screening > 0 {
        eprintln!("A registry of {} households to screen", arguments.screening);
        Box::pin(screen(config, arguments.screening, &mut report)).await?;
    }
    screening::compare(arguments.openfisca.as_deref(), &mut report)?;
    std::fs::write(path, serde_json::to_string_pretty(&report.0)?)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    println!("{}", report.table(&report.scales()));
    eprintln!("{} values are in {}; {} miss their budget", report.0.len(), path.display(), report.misses());
    Ok(())
}

// A database of its own, thrown away.
async fn screen(config: &Config, households: u32, report: &mut Report) -> anyhow::Result<()> {
    let folder = std::env::temp_dir().join(format!("throughcare-bench-screening-{}", std::process::id()));
    let opened = set_up::open(&private(config, &folder)).await?;
    let measured = Box::pin(screening::measure(&opened, households, report)).await;
    let closed = opened.close().await;
    std::fs::remove_dir_all(&folder).ok();
    measured.and(closed)
}

fn private(config: &Config, folder: &Path) -> Config {
    let mut config = config.clone();
    config.storage.database = Database::Private;
    folder.clone_into(&mut config.storage.data);
    config.storage.keyring = folder.join("keyring.toml");
    config
}

async fn measure(config: &Config, scale: u32, folder: &Path, report: &mut Report) -> anyhow::Result<()> {
    let config = private(config, folder);
    if !folder.join("made").exists() {
        let opened = set_up::open(&config).await?;
        let start = Instant::now();
        let filled = synth::fill(&opened, scale).await;
        opened.close().await?;
        filled?;
        std::fs::write(folder.join("made"), "")?;
        report.counted("making the world", scale, "s", start.elapsed().as_secs_f64());
    }
    let start = Instant::now();
    let opened = set_up::open(&config).await?;
    let app = desk::service(opened.ground.clone());
    let measured = async {
        let first = app.clone().oneshot(Request::get("/sign-in").body(Body::empty())?).await?;
        anyhow::ensure!(first.status().is_success(), "the first page answers {}", first.status());
        report.within("start to first page", scale, "s", start.elapsed().as_secs_f64(), budgets::START);
        pages::measure(&opened, &app, scale, report).await?;
        pages::seats(&opened, &app).await
    };
    let measured = measured.await;
    opened.close().await?;
    let seats = measured?;
    match tokio::task::spawn_blocking(move || served::most_memory(&config.storage, &seats)).await? {
        Ok(most) => report.within("memory of the program", scale, "MB", most, budgets::MEMORY),
        Err(error) => {
            eprintln!("  memory of the program: {error:#}");
            report.missing("memory of the program", scale, "MB", budgets::MEMORY);
        }
    }
    Ok(())
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
