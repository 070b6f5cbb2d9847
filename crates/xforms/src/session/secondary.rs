//! The other instances of a form: its lists, what is kept in it, files beside it.
use crate::form::{Form, SecondarySource};
use crate::instance::Instance;

/// Gives the file at an address such as `jr://file-csv/places.csv`, read as `/root/item`; nothing if it is not there.
pub type Files<'a> = &'a dyn Fn(&str) -> Option<Instance>;

/// Instances by number: 0 is the form's own and not here.
#[derive(Debug)]
pub(super) struct Others {
    found: Vec<(String, Other)>,
}

#[derive(Debug)]
enum Other {
    Tree(Instance),
    Missing(String, Instance),
    LastSaved,
}

impl Others {
    pub fn new(form: &Form, files: Files) -> Self {
        let mut found: Vec<(String, Other)> = Vec::new();
        for secondary in &form.secondary {
            let other = match &secondary.source {
                SecondarySource::Internal(tree) => Other::Tree(tree.clone()),
                SecondarySource::LastSaved => Other::LastSaved,
                SecondarySource::File(address) => match files(address) {
                    Some(tree) => Other::Tree(tree),
                    None => Other::Missing(address.clone(), Instance::new("root")),
                },
            };
            found.push((secondary.id.clone(), other));
        }
        let translated = form.is_translated();
        for list in &form.lists {
            if found.iter().any(|(id, _)| *id == list.name) {
                continue;
            }
            let mut tree = list.as_instance();
            for (number, (item, choice)) in tree.children(tree.root()).to_vec().into_iter().zip(&list.choices).enumerate() {
                // As other converters have it: the words if there is one language, else an id for jr:itext().
                let plain = choice.label.in_language(0).filter(|_| !translated && !choice.label.has_media());
                let (name, text) = match plain {
                    Some(wording) => ("label", wording.outline()),
                    None => ("itextId", format!("{}-{number}", list.name)),
                };
                let child = tree.add(item, name);
                tree.set_text(child, &text);
            }
            found.push((list.name.clone(), Other::Tree(tree)));
        }
        Self { found }
    }

    /// The number of an instance.
    pub fn number(&self, id: &str) -> Option<u16> {
        let place = self.found.iter().position(|(one, _)| one == id)?;
        u16::try_from(place + 1).ok()
    }

    /// The instance of a number. The last saved one belongs to the session.
    pub fn tree<'a>(&'a self, number: u16, last_saved: &'a Instance) -> Option<&'a Instance> {
        let (_, other) = self.found.get(usize::from(number).checked_sub(1)?)?;
        Some(match other {
            Other::Tree(tree) | Other::Missing(_, tree) => tree,
            Other::LastSaved => last_saved,
        })
    }

    /// The tree of this id that is kept in the form or beside it.
    pub fn kept(&self, id: &str) -> Option<&Instance> {
        match self.found.iter().find(|(known, _)| known == id)? {
            (_, Other::Tree(tree)) => Some(tree),
            _ => None,
        }
    }

    /// The address of an instance, if its file is not there.
    pub fn lacks(&self, number: u16) -> Option<&str> {
        match self.found.get(usize::from(number).checked_sub(1)?)? {
            (_, Other::Missing(address, _)) => Some(address.as_str()),
            _ => None,
        }
    }

    /// Addresses of files that are not there.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.found.iter().filter_map(|(_, other)| match other {
            Other::Missing(address, _) => Some(address.as_str()),
            _ => None,
        })
    }
}
