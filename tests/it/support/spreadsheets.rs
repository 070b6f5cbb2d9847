//! Forms in the files that their authors have, made of the CSV that tests write: a workbook, one of old, an XForm.
use xforms::xlsform::Workbook;

fn workbook(csv: &str) -> Workbook {
    Workbook::from_csv(csv.as_bytes()).expect("a table")
}

/// The form as an XForm.
pub fn xform(csv: &str) -> Vec<u8> {
    xforms::file::read("form", csv.as_bytes()).form.expect("a right form").to_xform().into_bytes()
}

/// The form as an .xlsx.
pub fn xlsx(csv: &str) -> Vec<u8> {
    let mut file = rust_xlsxwriter::Workbook::new();
    for sheet in &workbook(csv).sheets {
        let page = file.add_worksheet();
        page.set_name(&sheet.name).expect("a name");
        for (row, cells) in &sheet.rows {
            for (column, cell) in (0_u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                page.write(row - 1, column, cell.as_str()).expect("it fits");
            }
        }
    }
    file.save_to_buffer().expect("it fits in memory")
}

/// The form as an .xls of old: records of the eighth edition (BIFF8), the globals first and then each sheet.
pub fn xls(csv: &str) -> Vec<u8> {
    let sheets = workbook(csv).sheets;
    let tables: Vec<Vec<u8>> = sheets
        .iter()
        .map(|sheet| {
            let labels = sheet.rows.iter().flat_map(|(row, cells)| {
                let there = (0_u16..).zip(cells).filter(|(_, cell)| !cell.is_empty());
                there.flat_map(move |(column, cell)| label(u16::try_from(row - 1).expect("a small sheet"), column, cell))
            });
            [begins(0x10), labels.collect(), ends()].concat()
        })
        .collect();
    let listed: usize = sheets.iter().map(|sheet| 12 + 2 * sheet.name.len()).sum();
    let mut at = begins(0x05).len() + listed + ends().len();
    let mut stream = begins(0x05);
    for (sheet, table) in sheets.iter().zip(&tables) {
        let place = u32::try_from(at).expect("a small file").to_le_bytes();
        let name = [&[0, 0, u8::try_from(sheet.name.len()).expect("a short name"), 1][..], &wide(&sheet.name)].concat();
        stream.extend(record(0x85, &[&place[..], &name].concat()));
        at += table.len();
    }
    stream.extend(ends());
    stream.extend(tables.concat());
    compound(stream)
}

fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).expect("a short record");
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
}

fn begins(what: u8) -> Vec<u8> {
    record(0x0809, &[0, 6, what, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
}

fn ends() -> Vec<u8> {
    record(0x0A, &[])
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let length = u16::try_from(text.encode_utf16().count()).expect("a short text");
    let head = [row, column, 0, length].map(u16::to_le_bytes).concat();
    record(0x0204, &[&head[..], &[1_u8], &wide(text)].concat())
}

// A compound file of one table, one directory and one stream.
fn compound(mut stream: Vec<u8>) -> Vec<u8> {
    const SECTOR: usize = 512;
    const END: u32 = 0xffff_fffe;
    // A smaller stream would lie elsewhere.
    let sectors = stream.len().div_ceil(SECTOR).max(8);
    stream.resize(sectors * SECTOR, 0);
    let mut file = vec![0_u8; SECTOR];
    file[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    file[24..34].copy_from_slice(&[0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0]);
    file[44..52].copy_from_slice(&[1, 0, 0, 0, 1, 0, 0, 0]);
    file[56..60].copy_from_slice(&4096_u32.to_le_bytes());
    for none in [60, 68] {
        file[none..none + 4].copy_from_slice(&END.to_le_bytes());
    }
    file[80..].fill(0xff);
    let last = u32::try_from(sectors).expect("a small file") + 1;
    let chain = [0xffff_fffd, END].into_iter().chain((3..=last).chain([END]));
    file.extend(chain.flat_map(u32::to_le_bytes));
    assert!(file.len() <= 2 * SECTOR, "one table is enough");
    file.resize(2 * SECTOR, 0xff);
    file.extend(entry("Root Entry", 5, END, 0));
    file.extend(entry("Workbook", 2, 2, u32::try_from(stream.len()).expect("a small file")));
    file.resize(3 * SECTOR, 0);
    file.extend(stream);
    file
}

fn entry(name: &str, kind: u8, first: u32, size: u32) -> [u8; 128] {
    let mut entry = [0; 128];
    let name = wide(name);
    entry[..name.len()].copy_from_slice(&name);
    entry[64] = u8::try_from(name.len() + 2).expect("a short name");
    entry[66..68].copy_from_slice(&[kind, 1]);
    entry[68..80].fill(0xff);
    if kind == 5 {
        entry[76..80].copy_from_slice(&1_u32.to_le_bytes());
    }
    entry[116..120].copy_from_slice(&first.to_le_bytes());
    entry[120..124].copy_from_slice(&size.to_le_bytes());
    entry
}
