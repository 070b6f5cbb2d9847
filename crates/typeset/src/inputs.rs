//! The document tree as the values that the template reads.
use typst::foundations::{Array, Bytes, Dict, IntoValue, Str, Value};

use crate::tree::{Block, Direction, Document, Hand, Logo, Paper, Tick};
use crate::{Error, bidi, fonts, qr};

/// `sys.inputs` of the template.
pub(crate) fn of(document: &Document) -> Result<Dict, Error> {
    let into = Into { direction: document.direction };
    Ok(dict([
        ("title", into.text(&document.title)),
        ("author", into.text(&document.author)),
        ("lang", plain(&document.lang)),
        ("rtl", (document.direction == Direction::RightToLeft).into_value()),
        ("paper", plain(paper(document.paper))),
        ("foot", into.text(&document.foot)),
        ("running", into.text(&document.running)),
        ("page", into.text(&document.page_words)),
        ("blocks", into.blocks(&document.blocks)?),
    ]))
}

fn paper(paper: Paper) -> &'static str {
    match paper {
        Paper::Letter => "letter",
        Paper::Form => "form",
        Paper::Card => "card",
    }
}

fn plain(text: &str) -> Value {
    Str::from(text).into_value()
}

fn dict<const N: usize>(pairs: [(&str, Value); N]) -> Dict {
    pairs.into_iter().map(|(key, value)| (Str::from(key), value)).collect()
}

struct Into {
    direction: Direction,
}

impl Into {
    fn text(&self, text: &str) -> Value {
        let printable = fonts::printable(text.trim());
        let mixed = self.direction == Direction::RightToLeft || bidi::is_mixed(&printable);
        plain(&if mixed { bidi::isolated(&printable) } else { bidi::bare(&printable) })
    }

    fn texts(&self, texts: &[String]) -> Value {
        texts.iter().map(|text| self.text(text)).collect::<Array>().into_value()
    }

    fn pairs(&self, pairs: &[(String, String)]) -> Value {
        let pair = |(label, value): &(String, String)| Array::from_iter([self.text(label), self.text(value)]).into_value();
        pairs.iter().map(pair).collect::<Array>().into_value()
    }

    fn blocks(&self, blocks: &[Block]) -> Result<Value, Error> {
        let values = blocks.iter().map(|block| Ok(self.block(block)?.into_value())).collect::<Result<Array, Error>>()?;
        Ok(values.into_value())
    }

    fn block(&self, block: &Block) -> Result<Dict, Error> {
        let one = |kind: &str, text: &String| dict([("kind", plain(kind)), ("text", self.text(text))]);
        Ok(match block {
            Block::Letterhead { name, lines, logo } => dict([
                ("kind", plain("letterhead")),
                ("name", self.text(name)),
                ("lines", self.texts(lines)),
                ("logo", logo.as_ref().map_or(Value::None, picture)),
            ]),
            Block::Title(text) => one("title", text),
            Block::Heading(text) => one("heading", text),
            Block::Paragraph(text) => one("paragraph", text),
            Block::Aside(text) => one("aside", text),
            Block::Notice(text) => one("notice", text),
            Block::Lines(lines) => dict([("kind", plain("lines")), ("lines", self.texts(lines))]),
            Block::Rows(rows) => dict([("kind", plain("rows")), ("rows", self.pairs(rows))]),
            Block::Facts(facts) => dict([("kind", plain("facts")), ("rows", self.pairs(facts))]),
            Block::Table { head, rows } => {
                dict([("kind", plain("table")), ("head", self.texts(head)), ("rows", self.table(rows))])
            }
            Block::Ticks { columns, ticks, ticked, not_ticked } => dict([
                ("kind", plain("ticks")),
                ("columns", i64::try_from(*columns).unwrap_or(1).max(1).into_value()),
                ("ticks", ticks.iter().map(|tick| self.tick(tick)).collect::<Array>().into_value()),
                ("ticked", self.text(ticked)),
                ("open", self.text(not_ticked)),
            ]),
            Block::Columns(columns) => {
                let columns = columns.iter().map(|blocks| self.blocks(blocks)).collect::<Result<Array, Error>>()?;
                dict([("kind", plain("columns")), ("columns", columns.into_value())])
            }
            Block::Answer { .. } => self.answer(block)?,
            Block::Sign(hands) => {
                let hand =
                    |hand: &Hand| dict([("title", self.text(&hand.title)), ("fields", self.texts(&hand.fields))]).into_value();
                dict([("kind", plain("sign")), ("hands", hands.iter().map(hand).collect::<Array>().into_value())])
            }
        })
    }

    fn answer(&self, block: &Block) -> Result<Dict, Error> {
        let Block::Answer { heading, steps, code_label, code, note, qr, qr_alt } = block else { return Ok(Dict::new()) };
        let drawing = if qr.is_empty() { Value::None } else { Bytes::from_string(qr::svg(qr)?).into_value() };
        Ok(dict([
            ("kind", plain("answer")),
            ("heading", self.text(heading)),
            ("steps", self.texts(steps)),
            ("label", self.text(code_label)),
            ("code", plain(&fonts::printable(code))),
            ("note", self.text(note)),
            ("qr", drawing),
            ("alt", self.text(qr_alt)),
        ]))
    }

    fn table(&self, rows: &[Vec<Vec<String>>]) -> Value {
        let row = |cells: &Vec<Vec<String>>| cells.iter().map(|lines| self.texts(lines)).collect::<Array>().into_value();
        rows.iter().map(row).collect::<Array>().into_value()
    }

    fn tick(&self, tick: &Tick) -> Value {
        dict([("ticked", tick.ticked.into_value()), ("text", self.text(&tick.text))]).into_value()
    }
}

fn picture(logo: &Logo) -> Value {
    let (format, bytes) = match logo {
        Logo::Png(bytes) => ("png", bytes),
        Logo::Jpeg(bytes) => ("jpg", bytes),
    };
    dict([("format", plain(format)), ("bytes", Bytes::new(bytes.clone()).into_value())]).into_value()
}
