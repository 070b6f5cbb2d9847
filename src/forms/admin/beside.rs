//! What an edition changes in the files beside it: which is new, gone or another one, and of a list how many of its lines.
use std::collections::HashMap;

use crate::error::Error;
use crate::forms::store as forms;
use crate::platform::db::Work;
use crate::platform::ids::EditionId;
use crate::platform::text::text_with;
use crate::web::Page;

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Its name.
    pub name: String,
    how: How,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum How {
    Added,
    Removed,
    // Whose lines nobody counts: a picture, a sound.
    Replaced,
    Lines(Counts),
}

/// Of a list: lines that came, that went, and that begin as before and go on otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counts {
    added: usize,
    removed: usize,
    changed: usize,
}

/// The files that differ between two editions, by name.
pub async fn between(work: &mut Work, old: EditionId, new: EditionId) -> Result<Vec<FileChange>, Error> {
    let (was, is) = (hashes(work, old).await?, hashes(work, new).await?);
    let mut names: Vec<&String> = was.keys().chain(is.keys().filter(|name| !was.contains_key(*name))).collect();
    names.retain(|name| was.get(*name) != is.get(*name));
    names.sort();
    let mut changes = Vec::new();
    for name in names {
        let how = match (was.contains_key(name), is.contains_key(name)) {
            (false, _) => How::Added,
            (_, false) => How::Removed,
            _ => another(work, (old, new), name).await?,
        };
        changes.push(FileChange { name: name.clone(), how });
    }
    Ok(changes)
}

// Lists may be large: those alone are read that differ.
async fn another(work: &mut Work, (old, new): (EditionId, EditionId), name: &str) -> Result<How, Error> {
    if ![".csv", ".xml"].iter().any(|ending| name.ends_with(ending)) {
        return Ok(How::Replaced);
    }
    let (_, old) = forms::media_file(work, old, name).await?;
    let (_, new) = forms::media_file(work, new, name).await?;
    let texts = String::from_utf8(old).ok().zip(String::from_utf8(new).ok());
    Ok(texts.map_or(How::Replaced, |(old, new)| How::Lines(counts(&old, &new))))
}

async fn hashes(work: &mut Work, edition: EditionId) -> Result<HashMap<String, String>, Error> {
    Ok(forms::media(work, edition).await?.into_iter().map(|file| (file.name, file.hash)).collect())
}

/// A change in the reader's words.
pub fn said(p: &Page, change: &FileChange) -> String {
    let key = match &change.how {
        How::Added => "form-file-added",
        How::Removed => "form-file-removed",
        How::Replaced => "form-file-replaced",
        How::Lines(counts) if *counts == Counts::default() => "form-file-order",
        How::Lines(counts) => {
            let number = |count: usize| p.number(count as i64).into();
            let values = [
                ("name", change.name.clone().into()),
                ("added", number(counts.added)),
                ("removed", number(counts.removed)),
                ("changed", number(counts.changed)),
            ];
            return text_with(p.reader.lang, "form-file-lines", &values);
        }
    };
    p.ta(key, "name", change.name.clone())
}

// A line is known again by its first cell, which names the choice.
fn counts(old: &str, new: &str) -> Counts {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for line in old.lines().filter(|line| !line.trim().is_empty()) {
        *left.entry(line).or_default() += 1;
    }
    let mut came = Vec::new();
    for line in new.lines().filter(|line| !line.trim().is_empty()) {
        match left.get_mut(line).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => came.push(line),
        }
    }
    let mut gone: HashMap<&str, usize> = HashMap::new();
    for (line, count) in left {
        *gone.entry(first_cell(line)).or_default() += count;
    }
    let mut counts = Counts::default();
    for line in came {
        match gone.get_mut(first_cell(line)).filter(|count| **count > 0) {
            Some(count) => {
                *count -= 1;
                counts.changed += 1;
            }
            None => counts.added += 1,
        }
    }
    counts.removed = gone.into_values().sum();
    counts
}

fn first_cell(line: &str) -> &str {
    line.split(',').next().unwrap_or(line).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_came_went_and_changed_are_told_apart() {
        let old = "name,label\namman,Amman\nirbid,Irbid\nzarqa,Zarqa\n";
        let new = "name,label\r\nzarqa,Zarka\nmafraq,Mafraq\namman,Amman\n";
        let expected = Counts { added: 1, removed: 1, changed: 1 };
        assert_eq!(counts(old, new), expected);
        assert_eq!(counts(old, "name,label\nzarqa,Zarqa\nirbid,Irbid\namman,Amman\n"), Counts::default());
    }
}
