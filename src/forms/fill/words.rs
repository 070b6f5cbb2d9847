//! The words of a form's author, in which a little Markdown counts: bold, italics, links, line breaks. They stay words: the template alone
//! makes markup of them, so that no form can bring any of its own.

// A link or an emphasis longer than this is taken as it stands.
const LONGEST: usize = 600;

/// Some words that are written alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Span {
    /// The words.
    pub text: String,
    /// In bold.
    pub strong: bool,
    /// In italics.
    pub slanted: bool,
    /// Where they lead; empty for nowhere.
    pub href: String,
    /// A new line begins before them.
    pub breaks: bool,
}

/// What the author wrote, in spans.
pub fn spans(words: &str) -> Vec<Span> {
    let mut reader = Reader { open: Span::default(), mark: None, done: Vec::new(), before: '\n' };
    let mut rest = words.trim();
    while let Some(sign) = rest.chars().next() {
        rest = reader.read(rest, sign);
    }
    reader.close();
    reader.done
}

/// The words alone.
pub fn plain(words: &str) -> String {
    let mut plain = String::new();
    for span in spans(words) {
        if span.breaks && !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(&span.text);
    }
    plain.trim().to_owned()
}

struct Reader {
    open: Span,
    // What ends the italics that are open.
    mark: Option<char>,
    done: Vec<Span>,
    before: char,
}

impl Reader {
    fn read<'a>(&mut self, rest: &'a str, sign: char) -> &'a str {
        let after = &rest[sign.len_utf8()..];
        match sign {
            '\\' if after.starts_with(|c: char| c.is_ascii_punctuation()) => {
                self.push(&after[..1]);
                &after[1..]
            }
            '\n' => self.new_line(after),
            '#' if self.before == '\n' && heading(rest).is_some() => {
                self.restyle(|span| span.strong = true);
                heading(rest).unwrap_or_default()
            }
            '*' | '_' => self.emphasis(rest, sign),
            '[' => match link(rest) {
                Some((text, href, left)) => {
                    self.restyle(|span| href.clone_into(&mut span.href));
                    self.push(text);
                    self.restyle(|span| span.href.clear());
                    left
                }
                None => self.literally(rest, sign),
            },
            '<' => match tag(rest) {
                Some(("br", left)) => self.new_line(left),
                Some((_, left)) => left,
                None => self.literally(rest, sign),
            },
            _ => self.literally(rest, sign),
        }
    }

    fn literally<'a>(&mut self, rest: &'a str, sign: char) -> &'a str {
        let (one, left) = rest.split_at(sign.len_utf8());
        self.push(one);
        left
    }

    fn emphasis<'a>(&mut self, rest: &'a str, sign: char) -> &'a str {
        let double = [sign, sign].iter().collect::<String>();
        if let Some(after) = rest.strip_prefix(&double) {
            if self.open.strong {
                self.restyle(|span| span.strong = false);
                return after;
            }
            if window(after).contains(&double) && !after.starts_with(char::is_whitespace) {
                self.restyle(|span| span.strong = true);
                return after;
            }
            self.push(&double);
            return after;
        }
        let after = &rest[1..];
        if self.mark == Some(sign) {
            self.mark = None;
            self.restyle(|span| span.slanted = false);
            return after;
        }
        // `snake_case` and `3 * 4` are no italics.
        let opens = self.mark.is_none()
            && !after.starts_with(char::is_whitespace)
            && window(after).contains(sign)
            && (sign == '*' || !self.before.is_alphanumeric());
        if !opens {
            return self.literally(rest, sign);
        }
        self.mark = Some(sign);
        self.restyle(|span| span.slanted = true);
        after
    }

    fn new_line<'a>(&mut self, left: &'a str) -> &'a str {
        let headed = self.before != '\n';
        self.close();
        self.open = Span { breaks: headed || self.open.breaks, ..Span::default() };
        self.mark = None;
        self.before = '\n';
        left.trim_start_matches([' ', '\t'])
    }

    fn push(&mut self, text: &str) {
        self.open.text.push_str(text);
        self.before = text.chars().next_back().unwrap_or(self.before);
    }

    fn restyle(&mut self, change: impl FnOnce(&mut Span)) {
        let mut next = Span { text: String::new(), ..self.open.clone() };
        if !self.open.text.is_empty() {
            next.breaks = false;
        }
        self.close();
        change(&mut next);
        self.open = next;
    }

    fn close(&mut self) {
        if !self.open.text.is_empty() {
            self.done.push(std::mem::take(&mut self.open));
        }
    }
}

fn window(text: &str) -> &str {
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at < LONGEST).last().unwrap_or_default();
    &text[..end + text[end..].chars().next().map_or(0, char::len_utf8)]
}

fn heading(rest: &str) -> Option<&str> {
    let words = rest.trim_start_matches('#');
    (rest.len() - words.len() <= 6 && words.starts_with(' ')).then(|| words.trim_start())
}

// `[words](https://…)`; nothing else may be led to than pages, mail and telephones.
fn link(rest: &str) -> Option<(&str, &str, &str)> {
    let near = window(rest);
    let (text, after) = near.strip_prefix('[')?.split_once("](")?;
    let (href, _) = after.split_once(')')?;
    let href = href.trim();
    let leads = ["https://", "http://", "mailto:", "tel:"].iter().any(|start| href.starts_with(start));
    let fits = leads && !text.contains('\n') && !href.contains(char::is_whitespace);
    fits.then(|| (text, href, &rest[text.len() + after.split_once(')').map_or(0, |(href, _)| href.len()) + 4..]))
}

// Authors colour words with `<span style=…>`; colours are the page's own here.
fn tag(rest: &str) -> Option<(&'static str, &str)> {
    let near = window(rest);
    let (inside, _) = near.strip_prefix('<')?.split_once('>')?;
    let name = inside.trim_start_matches('/').trim_end_matches('/').split_whitespace().next()?.to_ascii_lowercase();
    let known = ["span", "br", "p", "b", "i", "u", "strong", "em", "font"].into_iter().find(|one| *one == name)?;
    Some((if known == "p" { "br" } else { known }, &rest[inside.len() + 2..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &str) -> String {
        let show = |span: Span| {
            let mut text = span.text;
            for (is, mark) in [(span.strong, "b"), (span.slanted, "i")] {
                if is {
                    text = format!("<{mark}>{text}</{mark}>");
                }
            }
            if !span.href.is_empty() {
                text = format!("<a {}>{text}</a>", span.href);
            }
            if span.breaks { format!("/{text}") } else { text }
        };
        spans(words).into_iter().map(show).collect()
    }

    #[test]
    fn a_little_markdown_counts() {
        assert_eq!(shown("**Now** is *it* or _that_, __yes__"), "<b>Now</b> is <i>it</i> or <i>that</i>, <b>yes</b>");
        assert_eq!(shown("One\nTwo\n\n# Three\nFour"), "One/Two/<b>Three</b>/Four");
        assert_eq!(shown("See [the law](https://a.example/x_y) now"), "See <a https://a.example/x_y>the law</a> now");
        assert_eq!(shown("<span style=\"color:red\">Red</span><br>line"), "Red/line");
        assert_eq!(plain("**Age**\n(in *years*)"), "Age (in years)");
    }

    #[test]
    fn what_is_no_markdown_stays_as_it_is() {
        for words in
            ["snake_case_name", "3 * 4 = 12", "a < b", "**open", "<script>x</script>", "[x](javascript:alert)", "* star", "2 _"]
        {
            assert_eq!(shown(words), words, "{words}");
        }
        assert_eq!(shown("\\*no\\*"), "*no*");
        assert_eq!(plain(&"[".repeat(5000)).len(), 5000);
    }
}
