//! One value of a table, and how it is kept from doing harm.

/// A value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing was answered.
    #[default]
    Blank,
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number.
    Number(f64),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Texts.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// Days; a cell has them as text, `2026-11-27`.
    Day,
    /// Moments; a cell has them as text, `2026-11-27T10:00:00+02:00`.
    Moment,
}

impl Cell {
    /// A text, or nothing.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Blank } else { Self::Text(text) }
    }

    /// A value as its column holds it; what does not fit stays a text.
    pub fn of(text: &str, holds: Holds) -> Self {
        let whole = || text.parse().ok().map(Self::Whole);
        let number = || text.parse::<f64>().ok().filter(|value| value.is_finite()).map(Self::Number);
        match holds {
            Holds::Whole => whole().unwrap_or_else(|| Self::text(text)),
            Holds::Number => number().unwrap_or_else(|| Self::text(text)),
            Holds::Text | Holds::Day | Holds::Moment => Self::text(text),
        }
    }

    /// How much text it is, about.
    pub fn size(&self) -> usize {
        match self {
            Self::Blank => 1,
            Self::Text(text) => text.len() + 1,
            Self::Whole(_) | Self::Number(_) => 12,
        }
    }
}

/// A text that a spreadsheet shows and does not run: one that begins like a formula is told to be text. A plain number stays as it is.
pub fn harmless(text: &str) -> String {
    let begins = text
        .trim_start_matches([' ', '\u{feff}', '\u{a0}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let number = text.parse::<f64>().is_ok_and(f64::is_finite);
    if begins && !number { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_told_to_be_text() {
        for bad in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "\u{feff}=1", "＝1"] {
            assert!(harmless(bad).starts_with('\''), "{bad}");
        }
        for good in ["", "plain", "a=b", "-5", "+962", "1-2", "'=x"] {
            assert_eq!(harmless(good), good);
        }
    }

    #[test]
    fn numbers_are_numbers_and_what_is_none_stays_text() {
        assert_eq!(Cell::of("7", Holds::Whole), Cell::Whole(7));
        assert_eq!(Cell::of("7.5", Holds::Number), Cell::Number(7.5));
        assert_eq!(Cell::of("7.5", Holds::Whole), Cell::Text("7.5".to_owned()));
        assert_eq!((Cell::of("", Holds::Whole), Cell::of("NaN", Holds::Number)), (Cell::Blank, Cell::Text("NaN".to_owned())));
    }
}
