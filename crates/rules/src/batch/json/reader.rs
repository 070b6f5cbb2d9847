//! JSON a token at a time. Strict: what other readers refuse, this one refuses too.
use std::borrow::Cow;

use super::{Broken, numbers};

/// How deep what is passed over may lie in itself.
const DEEPEST: usize = 64;

pub(super) struct Reader<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn broken(&self, what: &'static str) -> Broken {
        Broken { at: self.at.min(self.text.len()), what }
    }

    /// The next byte that isn't space.
    pub(super) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                byte => return byte.copied(),
            }
        }
    }

    /// Nothing but space follows.
    pub(super) fn end(&mut self) -> Result<(), Broken> {
        if self.peek().is_none() { Ok(()) } else { Err(self.broken("something follows the profile")) }
    }

    pub(super) fn open(&mut self, bracket: u8, what: &'static str) -> Result<(), Broken> {
        if self.peek() != Some(bracket) {
            return Err(self.broken(what));
        }
        self.at += 1;
        Ok(())
    }

    /// Whether another item of the list follows.
    pub(super) fn item(&mut self, first: &mut bool) -> Result<bool, Broken> {
        self.more(first, b']')
    }

    /// The next key of the object, up to its value.
    pub(super) fn key(&mut self, first: &mut bool) -> Result<Option<Cow<'t, [u8]>>, Broken> {
        if !self.more(first, b'}')? {
            return Ok(None);
        }
        let key = self.string()?;
        if self.peek() != Some(b':') {
            return Err(self.broken("a : is missing"));
        }
        self.at += 1;
        Ok(Some(key))
    }

    fn more(&mut self, first: &mut bool, close: u8) -> Result<bool, Broken> {
        let begins = std::mem::replace(first, false);
        match self.peek() {
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(_) if begins => Ok(true),
            Some(b',') => {
                self.at += 1;
                if self.peek() == Some(close) { Err(self.broken("something is missing after a comma")) } else { Ok(true) }
            }
            _ => Err(self.broken("a comma or a bracket is missing")),
        }
    }

    pub(super) fn null(&mut self) -> Result<bool, Broken> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.word(b"null").map(|()| true)
    }

    pub(super) fn word(&mut self, word: &[u8]) -> Result<(), Broken> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.broken("a value is missing"));
        }
        self.at += word.len();
        Ok(())
    }

    pub(super) fn number(&mut self) -> Result<numbers::Read, Broken> {
        numbers::read(self.text, &mut self.at)
    }

    /// A string's bytes, which may be no UTF-8.
    pub(super) fn string(&mut self) -> Result<Cow<'t, [u8]>, Broken> {
        self.open(b'"', "a string is missing")?;
        let start = self.at;
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'"' => {
                    let bytes = &self.text[start..self.at];
                    self.at += 1;
                    return Ok(Cow::Borrowed(bytes));
                }
                b'\\' => return self.escaped(start).map(Cow::Owned),
                0..=31 => break,
                _ => self.at += 1,
            }
        }
        Err(self.broken("a string has no end"))
    }

    fn escaped(&mut self, start: usize) -> Result<Vec<u8>, Broken> {
        let mut bytes = self.text[start..self.at].to_vec();
        while let Some(byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                b'"' => return Ok(bytes),
                b'\\' => {
                    let sign = self.escape()?;
                    bytes.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
                }
                0..=31 => break,
                byte => bytes.push(*byte),
            }
        }
        Err(self.broken("a string has no end"))
    }

    fn escape(&mut self) -> Result<char, Broken> {
        let kind = self.text.get(self.at).copied();
        self.at += 1;
        match kind {
            Some(sign @ (b'"' | b'\\' | b'/')) => Ok(char::from(sign)),
            Some(b'b') => Ok('\u{8}'),
            Some(b'f') => Ok('\u{c}'),
            Some(b'n') => Ok('\n'),
            Some(b'r') => Ok('\r'),
            Some(b't') => Ok('\t'),
            Some(b'u') => self.code_point(),
            _ => Err(self.broken("a \\ that escapes nothing")),
        }
    }

    fn code_point(&mut self) -> Result<char, Broken> {
        let first = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).ok_or_else(|| self.broken("half a sign"));
        }
        if !self.text[self.at..].starts_with(b"\\u") {
            return Err(self.broken("half a sign"));
        }
        self.at += 2;
        let second = self.hex()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(self.broken("half a sign"));
        }
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or_else(|| self.broken("half a sign"))
    }

    fn hex(&mut self) -> Result<u32, Broken> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let value =
            digits.and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        value.ok_or(Broken { at: self.at.min(self.text.len()), what: "four digits are missing after \\u" })
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        self.skip_within(DEEPEST)
    }

    fn skip_within(&mut self, left: usize) -> Result<(), Broken> {
        let Some(deeper) = left.checked_sub(1) else { return Err(self.broken("too deep")) };
        let mut first = true;
        match self.peek() {
            Some(b'"') => {
                let text = self.string()?;
                std::str::from_utf8(&text).map(|_| ()).map_err(|_| self.broken("no UTF-8"))
            }
            Some(b'{') => {
                self.at += 1;
                while self.key(&mut first)?.is_some() {
                    self.skip_within(deeper)?;
                }
                Ok(())
            }
            Some(b'[') => {
                self.at += 1;
                while self.item(&mut first)? {
                    self.skip_within(deeper)?;
                }
                Ok(())
            }
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            Some(b'-' | b'0'..=b'9') => self.number().map(|_| ()),
            _ => Err(self.broken("a value is missing")),
        }
    }
}
