//! The file for programs: a ZIP with one JSON for each section, and the documents.
use std::io::{Cursor, Write};

use anyhow::Context;
use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::case_file::{Entry, SECTIONS};
use crate::error::Error;
use crate::platform::ids::DocumentId;

/// A document that goes along, under a name that gives nothing away (S13).
pub(super) struct Attached {
    pub id: DocumentId,
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The bytes of the bundle. Pictures and PDFs don't get smaller, so nothing is compressed.
pub(super) fn zip(entries: &[Entry], attached: &[Attached]) -> Result<Vec<u8>, Error> {
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
                let values: Vec<_> = entry.lines.iter().map(|line| json!({ "name": line.key, "value": line.value })).collect();
                let file = entry.file.and_then(name_of);
                json!({ "title": entry.title, "values": values, "file": file })
            })
            .collect();
        if !of.is_empty() {
            let text = serde_json::to_vec_pretty(&of).map_err(anyhow::Error::from)?;
            put(&format!("{section}.json"), &text).context("a bundle cannot be written")?;
        }
    }
    for one in attached {
        put(&one.name, &one.bytes).context("a bundle cannot be written")?;
    }
    Ok(out.finish().map_err(anyhow::Error::from)?.into_inner())
}
