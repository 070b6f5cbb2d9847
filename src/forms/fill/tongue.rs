//! The languages of a form: which one is shown, and which way it runs.
use xforms::session::{Plan, Session};

use crate::platform::lang::Lang;

// Languages whose script runs from right to left, by their codes.
const RIGHT_TO_LEFT: [&str; 13] = ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku-arab", "ps", "sd", "ug", "ur", "yi"];

/// A language of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tongue {
    /// As the form names it, such as `Arabic (ar)`.
    pub name: String,
    /// Its code, for `lang`; empty where the form names none.
    pub code: String,
    /// `ltr`, `rtl`, or `auto` where the form does not say.
    pub dir: &'static str,
}

impl Tongue {
    /// A language by the name that the form gives it.
    pub fn named(name: &str) -> Self {
        let code = name.rsplit_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(code, _)| code.trim().to_lowercase());
        let code = code.filter(|code| is_code(code)).unwrap_or_default();
        let dir = match code.as_str() {
            "" => "auto",
            code if RIGHT_TO_LEFT
                .iter()
                .any(|one| code == *one || code.strip_prefix(one).is_some_and(|rest| rest.starts_with('-'))) =>
            {
                "rtl"
            }
            _ => "ltr",
        };
        Self { name: name.to_owned(), code, dir }
    }

    /// What it calls itself; what the form calls it, without its code, where we don't know.
    pub fn label(&self) -> &str {
        let known = Lang::ALL.iter().find(|lang| self.code.split('-').next() == Some(lang.code()));
        if let Some(lang) = known {
            return lang.own_name();
        }
        let bare = self.name.split('(').next().unwrap_or_default().trim();
        if bare.is_empty() { &self.name } else { bare }
    }
}

/// The language that a session shows.
pub fn shown(session: &Session) -> Tongue {
    let name = session.plan().form().languages.get(session.language()).map_or("", |language| language.name.as_str());
    Tongue::named(name)
}

/// All languages of a form; none where there is nothing to choose.
pub fn all(plan: &Plan) -> Vec<Tongue> {
    let languages = &plan.form().languages;
    if languages.len() < 2 { Vec::new() } else { languages.iter().map(|language| Tongue::named(&language.name)).collect() }
}

fn is_code(code: &str) -> bool {
    let language = code.split('-').next().unwrap_or_default();
    (2..=3).contains(&language.len()) && code.len() <= 12 && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_in_brackets_says_which_way_a_language_runs() {
        let read = |name: &str| {
            let tongue = Tongue::named(name);
            (tongue.code.clone(), tongue.dir, tongue.label().to_owned())
        };
        assert_eq!(read("Arabic (ar)"), ("ar".into(), "rtl", "العربية".into()));
        assert_eq!(read("العربية (ar-SY)"), ("ar-sy".into(), "rtl", "العربية".into()));
        assert_eq!(read("French (fr)"), ("fr".into(), "ltr", "Français".into()));
        assert_eq!(read("Kurdî (Kurmancî)"), ("".into(), "auto", "Kurdî".into()));
        assert_eq!(read("English (British)").0, "");
        assert_eq!(read("default"), ("".into(), "auto", "default".into()));
    }
}
