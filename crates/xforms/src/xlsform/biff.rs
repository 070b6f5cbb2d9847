//! A look into an .xls before it is read: how far apart its cells lie. The reader makes room for everything between the first and the
//! last cell of a sheet, so a file of a few bytes could ask for gigabytes.
use super::workbook::{Limits, WorkbookError};

/// The first bytes of a compound file.
pub(super) const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

// Room for this many cells altogether, blank ones between others included: some 100 MiB.
const MOST_CELLS: u64 = 4_000_000;

const END: u32 = 0xffff_fffa;

/// Refuses a file whose sheets would take too much room.
pub(super) fn check(bytes: &[u8], limits: Limits) -> Result<(), WorkbookError> {
    let damaged = || WorkbookError::Damaged("its parts do not fit together".to_owned());
    let file = Compound::open(bytes).ok_or_else(damaged)?;
    let stream = file.workbook(limits.bytes).ok_or_else(damaged)?;
    let mut total = 0_u64;
    let mut extent: Option<Extent> = None;
    let mut at = 0;
    while let (Some(kind), Some(length)) = (short(&stream, at), short(&stream, at + 2)) {
        let body = stream.get(at + 4..).unwrap_or_default();
        let body = &body[..body.len().min(usize::from(length))];
        match kind {
            // A new sheet begins.
            0x0009 | 0x0209 | 0x0409 | 0x0809 => total += extent.take().map_or(0, |extent| extent.cells()),
            // Numbers, texts, formulas, truth values.
            0x0203 | 0x0204 | 0x0205 | 0x027e | 0x00fd | 0x00d6 | 0x0006 | 0x0206 | 0x0406 | 0x0002 | 0x0003 | 0x0004
            | 0x00bd => {
                if let (Some(row), Some(column)) = (short(body, 0), short(body, 2)) {
                    let last = if kind == 0x00bd { short(body, body.len().saturating_sub(2)).unwrap_or(column) } else { column };
                    extent.get_or_insert_with(Extent::default).take_in(row, column, last);
                }
            }
            _ => {}
        }
        if total + extent.as_ref().map_or(0, Extent::cells) > MOST_CELLS {
            return Err(WorkbookError::TooMuch("blank cells between others"));
        }
        at += 4 + usize::from(length);
    }
    Ok(())
}

struct Extent {
    rows: (u16, u16),
    columns: (u16, u16),
}

impl Default for Extent {
    fn default() -> Extent {
        Extent { rows: (u16::MAX, 0), columns: (u16::MAX, 0) }
    }
}

impl Extent {
    fn take_in(&mut self, row: u16, first: u16, last: u16) {
        self.rows = (self.rows.0.min(row), self.rows.1.max(row));
        self.columns = (self.columns.0.min(first), self.columns.1.max(first).max(last));
    }

    fn cells(&self) -> u64 {
        let span = |(first, last): (u16, u16)| u64::from(last.saturating_sub(first)) + 1;
        span(self.rows) * span(self.columns)
    }
}

// A compound file: sectors in chains, of which a table tells the next.
struct Compound<'b> {
    bytes: &'b [u8],
    sector: usize,
    table: Vec<u32>,
}

impl<'b> Compound<'b> {
    fn open(bytes: &'b [u8]) -> Option<Compound<'b>> {
        let shift = short(bytes, 30)?;
        let sector = match shift {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Compound { bytes, sector, table: Vec::new() };
        let mut sectors: Vec<u32> = (0..109).filter_map(|index| long(bytes, 76 + 4 * index)).filter(|id| *id < END).collect();
        let mut next = long(bytes, 68)?;
        let most = bytes.len() / sector + 1;
        let mut seen = 0;
        while next < END && seen < most {
            let part = file.at(next)?;
            let (list, last) = part.split_at(sector - 4);
            sectors.extend(list.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)).filter(|id| *id < END));
            next = long(last, 0)?;
            seen += 1;
        }
        for id in sectors.into_iter().take(most) {
            let part = file.at(id)?;
            let entries: Vec<u32> = part.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)).collect();
            file.table.extend(entries);
        }
        Some(file)
    }

    fn at(&self, id: u32) -> Option<&'b [u8]> {
        let start = (usize::try_from(id).ok()? + 1).checked_mul(self.sector)?;
        self.bytes.get(start..start + self.sector)
    }

    fn chain(&self, first: u32, most: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut next = first;
        while next < END && out.len() < most {
            let Some(part) = self.at(next) else { break };
            out.extend_from_slice(part);
            next = usize::try_from(next).ok().and_then(|index| self.table.get(index).copied()).unwrap_or(END);
        }
        out
    }

    // The stream named Workbook (or Book). One too small to have sectors of its own is too small to do harm.
    fn workbook(&self, most: usize) -> Option<Vec<u8>> {
        let directory = self.chain(long(self.bytes, 48)?, most);
        for entry in directory.as_chunks::<128>().0 {
            let length = usize::from(short(entry, 64)?).min(64).saturating_sub(2);
            let name: Vec<u16> = entry[..length].as_chunks::<2>().0.iter().map(|two| u16::from_le_bytes(*two)).collect();
            let name = String::from_utf16_lossy(&name);
            if !name.eq_ignore_ascii_case("workbook") && !name.eq_ignore_ascii_case("book") {
                continue;
            }
            let size = usize::try_from(long(entry, 120)?).ok()?;
            let small = size < usize::try_from(long(self.bytes, 56)?).ok()?;
            return Some(if small {
                self.small(&directory, long(entry, 116)?, size)?
            } else {
                self.chain(long(entry, 116)?, most)
            });
        }
        None
    }

    // Small streams lie in pieces of 64 bytes in the stream of the first directory entry.
    fn small(&self, directory: &[u8], first: u32, size: usize) -> Option<Vec<u8>> {
        let pieces = self.chain(long(directory, 116)?, self.bytes.len());
        let table = self.chain(long(self.bytes, 60)?, self.bytes.len());
        let mut out = Vec::new();
        let mut next = first;
        while next < END && out.len() < size {
            let start = usize::try_from(next).ok()?.checked_mul(64)?;
            out.extend_from_slice(pieces.get(start..start + 64)?);
            next = long(&table, usize::try_from(next).ok()?.checked_mul(4)?).unwrap_or(END);
        }
        Some(out)
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes([two[0], two[1]]))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

#[cfg(test)]
mod tests {
    use super::{MAGIC, check};
    use crate::xlsform::workbook::{Limits, WorkbookError};

    // A compound file of one table, one directory and one stream of records.
    fn file(records: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let mut stream: Vec<u8> = Vec::new();
        for (kind, body) in records {
            stream.extend(kind.to_le_bytes());
            stream.extend(u16::try_from(body.len()).expect("it is short").to_le_bytes());
            stream.extend(body);
        }
        stream.resize(8 * 512, 0);
        let mut bytes = vec![0; 512];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[30] = 9;
        bytes[48] = 1;
        bytes[57] = 0x10;
        bytes[68..76].copy_from_slice(&[0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
        bytes[76..512].fill(0xff);
        bytes[76..80].fill(0);
        let chain = [0xffff_fffd_u32, 0xffff_fffe, 3, 4, 5, 6, 7, 8, 9, 0xffff_fffe];
        bytes.extend(chain.iter().flat_map(|next| next.to_le_bytes()));
        bytes.resize(1024, 0xff);
        let mut entry = [0_u8; 128];
        for (at, letter) in "Workbook".bytes().enumerate() {
            entry[2 * at] = letter;
        }
        entry[64] = 18;
        entry[116] = 2;
        entry[120..124].copy_from_slice(&4096_u32.to_le_bytes());
        bytes.extend(entry);
        bytes.resize(1536, 0);
        bytes.extend(stream);
        bytes
    }

    fn number(row: u16, column: u16) -> (u16, Vec<u8>) {
        (0x0203, [row.to_le_bytes().as_slice(), &column.to_le_bytes(), &[0; 10]].concat())
    }

    #[test]
    fn cells_far_apart_are_noticed_before_room_is_made_for_them() {
        let sheet = || (0x0809, vec![0; 16]);
        let near = file(&[sheet(), number(0, 0), number(10_000, 200), sheet(), number(3, 3)]);
        assert_eq!(check(&near, Limits::default()), Ok(()));
        let far = file(&[sheet(), number(0, 0), number(65_535, 255)]);
        assert_eq!(check(&far, Limits::default()), Err(WorkbookError::TooMuch("blank cells between others")));
        let often: Vec<_> = (0..3).flat_map(|_| [sheet(), number(0, 0), number(10_000, 200)]).collect();
        assert_eq!(check(&file(&often), Limits::default()), Err(WorkbookError::TooMuch("blank cells between others")));
    }
}
