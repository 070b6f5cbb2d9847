//! The file for programs: a ZIP with a manifest, one JSON for each section, and the documents. Days are ISO 8601, and what was chosen stands by its code
//! beside the words.
use std::io::{Cursor, Write};

use anyhow::Context;
use chrono::{DateTime, Utc};
use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::case_file::{CaseFile, Entry, Line, SECTIONS};
use super::store::OfCase;
use crate::error::Error;
use crate::platform::ids::DocumentId;

/// A document that goes along, under a name that gives nothing away (S13).
pub(super) struct Attached {
    pub id: DocumentId,
    pub name: String,
    pub bytes: Vec<u8>,
}

// The value is a code or an ISO day where there is one; the text is what people read.
fn of_line(line: &Line) -> serde_json::Value {
    let text = plain(&line.value);
    let value = if line.code.is_empty() { text.clone() } else { line.code.clone() };
    json!({ "name": line.key, "label": plain(&line.label), "value": value, "text": text })
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Which shape the sections have. It counts up whenever a name goes or changes what it means.
const SCHEMA: u32 = 1;

/// What stands beside the sections: the shape they have, what the bundle is and who let it go.
pub(super) struct Manifest<'a> {
    pub file: &'a CaseFile,
    pub case: &'a OfCase,
    pub made_at: DateTime<Utc>,
}

impl Manifest<'_> {
    fn told(&self, entries: &[Entry], attached: &[Attached]) -> serde_json::Value {
        let sections: Vec<_> =
            SECTIONS.into_iter().filter(|section| entries.iter().any(|entry| entry.section == *section)).collect();
        let name = |section: &&str| format!("{section}.json");
        let released_by = self.file.decided_by_name.as_deref().filter(|_| self.case.names_workers);
        json!({
            "schema": "throughcare.case-file",
            "schema_version": SCHEMA,
            "id": self.file.id,
            "case": self.case.code,
            "organisation": plain(&self.case.organisation),
            "language": self.file.lang.code(),
            "asked_at": self.file.asked_at,
            "released_by": released_by.map(plain),
            "made_at": self.made_at,
            "sections": sections.iter().map(name).collect::<Vec<_>>(),
            "documents": attached.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        })
    }
}

/// The words without the marks that only set directions apart on a page.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
        .collect()
}

/// The bytes of the bundle. Pictures and PDFs don't get smaller, so nothing is compressed.
pub(super) fn zip(manifest: &Manifest<'_>, entries: &[Entry], attached: &[Attached]) -> Result<Vec<u8>, Error> {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, bytes: &[u8]| -> anyhow::Result<()> {
        out.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored))?;
        Ok(out.write_all(bytes)?)
    };
    let name_of = |id: DocumentId| attached.iter().find(|one| one.id == id).map(|one| one.name.as_str());
    for section in SECTIONS {
        let of: Vec<_> = entries
            .iter()
            .filter(|entry| entry.section == section)
            .map(|entry| {
                let values: Vec<_> = entry.lines.iter().map(of_line).collect();
                let file = entry.file.and_then(name_of);
                json!({ "kind": some(&entry.kind), "on": some(&entry.on), "title": plain(&entry.title), "values": values, "file": file })
            })
            .collect();
        if !of.is_empty() {
            let text = serde_json::to_vec_pretty(&of).map_err(anyhow::Error::from)?;
            put(&format!("{section}.json"), &text).context("a bundle cannot be written")?;
        }
    }
    let told = serde_json::to_vec_pretty(&manifest.told(entries, attached)).map_err(anyhow::Error::from)?;
    put("manifest.json", &told).context("a bundle cannot be written")?;
    for one in attached {
        put(&one.name, &one.bytes).context("a bundle cannot be written")?;
    }
    Ok(out.finish().map_err(anyhow::Error::from)?.into_inner())
}
