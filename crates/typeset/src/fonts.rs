//! The fonts that are compiled in: Noto Sans for Latin, Greek and Cyrillic, Noto Naskh Arabic for Arabic, Persian, Kurdish and Urdu.
use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

static FILES: &[&[u8]] = include!(concat!(env!("OUT_DIR"), "/fonts.rs"));

/// The fonts and their book, read once.
pub(crate) struct Fonts {
    pub(crate) list: Vec<Font>,
    pub(crate) book: LazyHash<FontBook>,
}

pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let list: Vec<Font> = FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
    let book = LazyHash::new(FontBook::from_fonts(&list));
    Fonts { list, book }
});

/// The text in characters that our fonts have; letters of other scripts are written in Latin ones, pictures are left out with the space
/// after them, and what can't be told is a question mark.
///
/// A character without a glyph would print as an empty box, and a tagged PDF may not hold one at all.
pub(crate) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut left_out = false;
    for c in text.chars() {
        let after_a_picture = std::mem::take(&mut left_out);
        match c {
            ' ' if after_a_picture && (out.is_empty() || out.ends_with(char::is_whitespace)) => {}
            '\n' => out.push(c),
            '\t' | '\r' => out.push(' '),
            // Fluent's isolates and joiners shape the text and have no glyph of their own.
            '\u{200c}' | '\u{200d}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2066}'..='\u{2069}' => out.push(c),
            _ if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{feff}' | '\u{ad}') => {}
            _ if covered(c) => out.push(c),
            _ if shapes_a_picture(c) => left_out = true,
            _ => match any_ascii::any_ascii_char(c) {
                "" => out.push('?'),
                picture if picture.len() > 2 && picture.starts_with(':') => left_out = true,
                latin => out.push_str(latin),
            },
        }
    }
    out
}

// What colours, joins or frames a picture, and the letters of which flags are made.
fn shapes_a_picture(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{20e3}' | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
}

fn covered(c: char) -> bool {
    FONTS.list.iter().any(|font| font.info().coverage.contains(u32::from(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_font_has_is_written_in_latin_letters() {
        assert_eq!(printable("Fatima فاطمة Željko Ольга"), "Fatima فاطمة Željko Ольга");
        assert_eq!(printable("ሰላም"), "selam");
        assert!(!printable("🙂\u{e000}x").contains(['🙂', '\u{e000}']));
        assert_eq!(printable("Dana 😀 Saleh 👍🏽"), "Dana Saleh ");
        assert_eq!(printable("🇯🇴 Amman: 7 ½"), "Amman: 7 ½");
        assert_eq!(printable("a\u{202e}b\u{0}c\td"), "abc d");
    }
}
