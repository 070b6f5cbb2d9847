//! The languages every screen, letter and pack speaks, and how one is chosen from a request.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Languages that people speak, as far as they are offered; `other` is always an answer.
pub const SPOKEN: &[&str] = &["ar", "en", "fr", "es", "ku", "fa", "tr", "so", "am", "ti", "uk", "ru", "pt", "sign", "other"];

/// One of the four languages of the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    En,
    Ar,
    Fr,
    Es,
}

/// Which way the lines of a page run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    LeftToRight,
    RightToLeft,
}

/// The text names none of the program's languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownLang;

impl Lang {
    /// Every language, in the order in which menus list them.
    pub const ALL: [Lang; 4] = [Lang::En, Lang::Ar, Lang::Fr, Lang::Es];

    /// The code used in `lang` attributes, file names and the database.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Ar => "ar",
            Lang::Fr => "fr",
            Lang::Es => "es",
        }
    }

    /// The direction in which the language is written.
    pub fn dir(self) -> Direction {
        match self {
            Lang::Ar => Direction::RightToLeft,
            Lang::En | Lang::Fr | Lang::Es => Direction::LeftToRight,
        }
    }

    /// The language's name for itself, as a language menu shows it.
    pub fn own_name(self) -> &'static str {
        match self {
            Lang::En => "English",
            Lang::Ar => "العربية",
            Lang::Fr => "Français",
            Lang::Es => "Español",
        }
    }

    /// What parts the items of a list; a space follows.
    pub fn comma(self) -> &'static str {
        if self == Lang::Ar { "،" } else { "," }
    }

    /// The items that say something, as a list in this language.
    pub fn list<S: AsRef<str>>(self, items: impl IntoIterator<Item = S>) -> String {
        let mut list = String::new();
        for item in items {
            let item = item.as_ref();
            if !list.is_empty() && !item.is_empty() {
                list.push_str(self.comma());
                list.push(' ');
            }
            list.push_str(item);
        }
        list
    }

    /// The best language for an `Accept-Language` header, or none if it names none of ours.
    pub fn from_accept_language(header: &str) -> Option<Lang> {
        let mut best: Option<(f32, Lang)> = None;
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let Some(lang) = pieces.next().and_then(|tag| tag.parse().ok()) else {
                continue;
            };
            let weight = pieces.find_map(weight_of).unwrap_or(1.0);
            // Only a strictly greater weight wins, so that the earlier of two equal ones stays.
            if weight > best.map_or(0.0, |(weight, _)| weight) {
                best = Some((weight, lang));
            }
        }
        best.map(|(_, lang)| lang)
    }
}

/// Reads `q=0.8`; a weight that is not a number counts as "not wanted".
fn weight_of(parameter: &str) -> Option<f32> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    Some(value.trim().parse().unwrap_or(0.0))
}

impl Direction {
    /// The value of the `dir` attribute.
    pub fn attribute(self) -> &'static str {
        match self {
            Direction::LeftToRight => "ltr",
            Direction::RightToLeft => "rtl",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.attribute())
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

impl FromStr for Lang {
    type Err = UnknownLang;

    /// Reads a tag such as `ar`, `fr-CA` or `es_CO`; the part after the language is ignored.
    fn from_str(tag: &str) -> Result<Lang, UnknownLang> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        let known = |lang: &Lang| primary.eq_ignore_ascii_case(lang.code());
        Lang::ALL.into_iter().find(known).ok_or(UnknownLang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_the_comma_of_its_language_and_no_empty_item() {
        assert_eq!(Lang::En.list(["", "one", "", "two"]), "one, two");
        assert_eq!(Lang::Ar.list(["واحد", "اثنان"]), "واحد، اثنان");
        assert_eq!(Lang::Fr.list::<&str>([]), "");
    }

    #[test]
    fn the_header_of_a_browser_chooses_the_language() {
        let cases = [
            ("ar-SY,ar;q=0.9,en;q=0.8", Some(Lang::Ar)),
            ("de,fr;q=0.7,en;q=0.3", Some(Lang::Fr)),
            ("en;q=0.2, es-CO;q=0.9", Some(Lang::Es)),
            ("fr, en", Some(Lang::Fr)),
            ("fr;q=0, de", None),
            ("fr;q=nonsense", None),
            ("*", None),
            ("", None),
        ];
        for (header, expected) in cases {
            assert_eq!(Lang::from_accept_language(header), expected, "{header}");
        }
    }

    #[test]
    fn only_arabic_runs_from_right_to_left() {
        for lang in Lang::ALL {
            assert_eq!(lang.dir().attribute() == "rtl", lang == Lang::Ar);
            assert_eq!(lang.code().parse(), Ok(lang));
        }
        assert_eq!("de".parse::<Lang>(), Err(UnknownLang));
    }
}
