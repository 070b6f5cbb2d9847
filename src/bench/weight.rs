//! What pages weigh on the wire. A first page brings styles and scripts along, a later one only itself.
use std::collections::BTreeSet;

use super::budgets;
use super::desk::{Desk, Packing, Visit};
use super::report::Report;
use crate::web::assets::url;

/// Weighs each of these pages, compressed and not, and the first of them as a first page.
pub async fn weigh(desk: &Desk, visits: &[(&str, Visit)], scale: u32, report: &mut Report) -> anyhow::Result<()> {
    for (nth, (name, visit)) in visits.iter().enumerate() {
        let plain = desk.visit(visit, Packing::Plain).await?.body;
        let later = kilobytes(desk.visit(visit, Packing::Compressed).await?.body.len());
        report.within(format!("{name} page, compressed"), scale, "kB", later, budgets::LATER_PAGE);
        report.counted(format!("{name} page, plain"), scale, "kB", kilobytes(plain.len()));
        if nth == 0 {
            let first = later + assets(desk, &String::from_utf8_lossy(&plain)).await?;
            report.within("first page with styles and scripts", scale, "kB", first, budgets::FIRST_PAGE);
        }
    }
    Ok(())
}

/// Weighs what a device loads to fill in forms without a network: their engine and its script.
pub async fn weigh_engine(desk: &Desk, scale: u32, report: &mut Report) -> anyhow::Result<()> {
    let weight = loaded(desk, url("forms.wasm")).await? + loaded(desk, url("field.js")).await?;
    report.within("engine of forms with its script", scale, "kB", weight, budgets::ENGINE);
    Ok(())
}

async fn assets(desk: &Desk, html: &str) -> anyhow::Result<f64> {
    let named = html.split(['"', '\'']).filter(|part| part.starts_with("/assets/"));
    let paths: BTreeSet<&str> = named.map(|part| part.split('#').next().unwrap_or(part)).collect();
    let mut total = 0.0;
    for path in paths {
        total += loaded(desk, path).await?;
    }
    Ok(total)
}

async fn loaded(desk: &Desk, path: &str) -> anyhow::Result<f64> {
    let answer = desk.get(path, Packing::Compressed, None).await?;
    anyhow::ensure!(answer.status.is_success(), "{path} answers {}", answer.status);
    Ok(kilobytes(answer.body.len()))
}

fn kilobytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1000.0
}
