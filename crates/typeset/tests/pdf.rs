//! What comes out, read back with poppler's tools (package poppler-utils) and an independent QR reader.
use std::io::Write as _;
use std::process::{Command, Stdio};

use typeset::{Block, Direction, Document, Hand, Logo, Paper, Tick, pdf};

// A grey dot.
const DOT: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\x0aIDATx\x9cc\xa8\x07\x00\x00\x81\x00\x80\xd3\x94SJ\x00\x00\x00\x00IEND\xaeB`\x82";

const ADDRESS: &str = "https://care.example.org/r/QwErTyUiOpAsDfGhJkLzXc";

fn poppler(program: &str, arguments: &[&str], pdf: &[u8]) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("poppler-utils is installed (scripts/setup.sh paper)");
    let mut input = child.stdin.take().expect("it was piped");
    let bytes = pdf.to_vec();
    let writing = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().expect("it ends");
    let _ = writing.join();
    output.stdout
}

fn words(pdf: &[u8]) -> String {
    let text = String::from_utf8(poppler("pdftotext", &["-layout", "-", "-"], pdf)).expect("it writes UTF-8");
    text.chars().filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')).collect()
}

fn everything(direction: Direction) -> Document {
    let rows = vec![("Name".to_owned(), "Fatima Hussein #strong[x] $y$ <z> @ref".to_owned()), ("Age".into(), "34".into())];
    Document {
        title: "A letter".into(),
        author: "Harbour".into(),
        lang: if direction == Direction::LeftToRight { "en".into() } else { "ar".into() },
        direction,
        paper: Paper::Letter,
        foot: "Confidential".into(),
        running: "Harbour · K7M".into(),
        page_words: "Page %n of %m".into(),
        blocks: vec![
            Block::Letterhead { name: "Harbour".into(), lines: vec!["1 Quay".into()], logo: Some(Logo::Png(DOT.to_vec())) },
            Block::Columns(vec![
                vec![Block::Lines(vec!["Clinic".into(), "Dr Chen".into()])],
                vec![Block::Facts(vec![("Date".into(), "26 November 2026".into())])],
            ]),
            Block::Title("About a referral".into()),
            Block::Paragraph("First line\nsecond line: فاطمة حسين, +962 79 123 4567".into()),
            Block::Heading("Part".into()),
            Block::Rows(rows),
            Block::Aside("Withheld".into()),
            Block::Notice("Seen".into()),
            Block::Table {
                head: vec!["A".into(), "B".into()],
                rows: vec![vec![vec!["a1".into(), "a2".into()], vec!["b".into()]]],
            },
            Block::Ticks {
                columns: 2,
                ticks: vec![Tick { ticked: true, text: "Food".into() }, Tick { ticked: false, text: "Shelter".into() }],
                ticked: "Ticked".into(),
                not_ticked: "Not ticked".into(),
            },
            Block::Answer {
                heading: "How to answer".into(),
                steps: vec!["Scan".into(), "Type".into()],
                code_label: "Code".into(),
                code: "K7M-2PQ-X".into(),
                note: "Until Friday".into(),
                qr: ADDRESS.into(),
                qr_alt: "Square".into(),
            },
            Block::Sign(vec![Hand { title: "By".into(), fields: vec!["Name".into()] }]),
        ],
    }
}

#[test]
fn the_same_tree_gives_the_same_bytes() {
    let document = everything(Direction::RightToLeft);
    assert_eq!(pdf(&document), pdf(&document));
}

#[test]
fn texts_print_as_they_are_whatever_they_look_like() {
    let text = words(&pdf(&everything(Direction::LeftToRight)).expect("it prints"));
    for part in ["Fatima Hussein #strong[x] $y$ <z> @ref", "First line", "+962 79 123 4567", "K7M-2PQ-X", "Page 1 of"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn arabic_text_can_be_read_out_of_the_file_again() {
    let mut document = everything(Direction::RightToLeft);
    document.blocks =
        vec![Block::Title("إحالة".into()), Block::Paragraph("السيدة فاطمة حسين، هاتف +962 79 123 4567 شكرًا".into())];
    let text = words(&pdf(&document).expect("it prints"));
    for part in ["إحالة", "فاطمة", "حسين", "+962 79 123 4567"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn the_file_is_tagged_for_screen_readers_and_names_its_language() {
    let bytes = pdf(&everything(Direction::LeftToRight)).expect("it prints");
    let about = String::from_utf8_lossy(&poppler("pdfinfo", &["-"], &bytes)).into_owned();
    assert!(about.contains("Tagged:          yes") && about.contains("Title:           A letter"), "{about}");
    let meta = String::from_utf8_lossy(&poppler("pdfinfo", &["-meta", "-"], &bytes)).into_owned();
    assert!(meta.contains("pdfuaid:part>1<"), "{meta}");
    let tags = String::from_utf8_lossy(&poppler("pdfinfo", &["-struct", "-"], &bytes)).into_owned();
    for tag in ["H1", "H2", "Table", "TH", "Figure"] {
        assert!(tags.contains(tag), "{tag} in\n{tags}");
    }
}

#[test]
fn a_scanner_reads_the_square() {
    let bytes = pdf(&everything(Direction::RightToLeft)).expect("it prints");
    let picture = poppler("pdftoppm", &["-gray", "-r", "110", "-f", "1", "-l", "1", "-"], &bytes);
    let (width, height, pixels) = graymap(&picture);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let found: Vec<String> = image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect();
    assert_eq!(found, [ADDRESS]);
}

// A binary graymap: "P5 width height 255" and a byte a pixel.
fn graymap(bytes: &[u8]) -> (usize, usize, &[u8]) {
    let mut fields = bytes.splitn(4, |byte| byte.is_ascii_whitespace());
    assert_eq!(fields.next(), Some(b"P5".as_slice()), "pdftoppm writes a graymap");
    let mut number = || std::str::from_utf8(fields.next().expect("a size")).expect("digits").parse::<usize>().expect("a number");
    let (width, height) = (number(), number());
    (width, height, &bytes[bytes.len() - width * height..])
}

#[test]
fn no_page_breaks_inside_a_row() {
    for above in 0..6 {
        let rows = (0..60).map(|row| (format!("Label {row}"), format!("begin{row}.\nwith\nmore\nend{row}."))).collect();
        let mut blocks: Vec<Block> = (0..above).map(|_| Block::Paragraph("Above".into())).collect();
        blocks.push(Block::Rows(rows));
        let text = words(&pdf(&Document { blocks, ..everything(Direction::LeftToRight) }).expect("it prints"));
        let page = |word: String| text.split('\u{c}').position(|page| page.contains(&word));
        for row in 0..60 {
            let begin = page(format!("begin{row}."));
            assert!(begin.is_some() && begin == page(format!("end{row}.")), "row {row} below {above}:\n{text}");
        }
        assert!(text.matches('\u{c}').count() > 2, "it runs over several pages");
    }
}

#[test]
fn what_heads_rows_stands_on_their_page() {
    for above in 0..6 {
        let mut blocks = vec![Block::Title("Parts".into())];
        blocks.extend((0..above).map(|_| Block::Paragraph("Above".into())));
        for part in 0..40 {
            blocks.push(Block::Heading(format!("head{part}.")));
            blocks.push(Block::Notice(format!("name{part}.")));
            blocks.push(Block::Rows(vec![("Label".into(), format!("row{part}.\nwith\nmore"))]));
        }
        let document = Document { blocks, paper: Paper::Form, ..everything(Direction::LeftToRight) };
        let text = words(&pdf(&document).expect("it prints"));
        let page = |word: String| text.split('\u{c}').position(|page| page.contains(&word));
        for part in 0..40 {
            let first = page(format!("row{part}."));
            assert!(first.is_some(), "part {part}:\n{text}");
            let heads = [format!("head{part}."), format!("name{part}.")].map(page);
            assert_eq!(heads, [first; 2], "part {part} below {above}:\n{text}");
        }
    }
}

#[test]
fn a_thousand_lines_and_hostile_texts_still_print() {
    let mut document = everything(Direction::LeftToRight);
    document.blocks.push(Block::Rows((0..1000).map(|n| (format!("Line {n}"), "ሰላም 🙂 \u{202e}x\u{0}".to_owned())).collect()));
    document.blocks.push(Block::Paragraph("x".repeat(5000)));
    document.blocks.push(Block::Rows(Vec::new()));
    document.blocks.push(Block::Lines(Vec::new()));
    assert!(pdf(&document).is_ok());
}
