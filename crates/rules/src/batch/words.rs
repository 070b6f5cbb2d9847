//! The texts of a batch, each kept once and known by a number.
use std::collections::HashMap;

/// Past so many texts an emptied batch forgets those it met.
const MANY: usize = 65_536;

#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    texts: Vec<Box<str>>,
    codes: HashMap<Box<str>, u32>,
}

/// The texts a column met last: most come again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recent {
    codes: [u32; 8],
    used: usize,
    next: usize,
}

impl Words {
    /// The number of a text, which is given one if it is new. Nothing if it isn't text.
    pub(crate) fn code(&mut self, text: &[u8], recent: &mut Recent) -> Option<u32> {
        let known = recent.codes[..recent.used].iter().copied();
        if let Some(code) = known.into_iter().find(|code| self.texts[*code as usize].as_bytes() == text) {
            return Some(code);
        }
        let text = std::str::from_utf8(text).ok()?;
        let code = match self.codes.get(text) {
            Some(code) => *code,
            None => self.add(text)?,
        };
        recent.codes[recent.next] = code;
        recent.next = (recent.next + 1) % recent.codes.len();
        recent.used = recent.codes.len().min(recent.used + 1);
        Some(code)
    }

    fn add(&mut self, text: &str) -> Option<u32> {
        let code = u32::try_from(self.texts.len()).ok()?;
        self.texts.push(text.into());
        self.codes.insert(text.into(), code);
        Some(code)
    }

    pub(crate) fn text(&self, code: u32) -> &str {
        &self.texts[code as usize]
    }

    /// The number of a text that some profile has.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        self.codes.get(text).copied()
    }

    /// Forgets every text if there are many, and says so: then no column may keep a number.
    pub(crate) fn forget(&mut self) -> bool {
        let many = self.texts.len() > MANY;
        if many {
            *self = Self::default();
        }
        many
    }
}
