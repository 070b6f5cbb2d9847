//! Everything that a form says to whoever it is asked: names, texts and calculations, in which words are looked for that a household is never asked
//! together (S12). Whether such a word may stand is up to who looks: somebody answers for a pack's form in its `reviewed`, nobody for an upload.
use std::collections::HashMap;

use xforms::form::{Form, Place, Text};

/// A question, a group or a choice; a form's title.
#[derive(Debug)]
pub struct Said {
    /// Where it stands; nowhere in particular for the title.
    pub place: Place,
    /// Its name.
    pub name: String,
    /// What it says: the column and the words.
    pub texts: Vec<(String, String)>,
}

/// All of them, in the order of the form.
pub fn of(form: &Form) -> Vec<Said> {
    let title = vec![(String::new(), form.title.clone())];
    let mut all = vec![Said { place: Place::default(), name: form.title.clone(), texts: title }];
    form.walk(&mut |node| {
        let texts = [
            ("label", &node.label),
            ("hint", &node.hint),
            ("guidance_hint", &node.guidance),
            ("constraint_message", &node.bind.constraint_message),
            ("required_message", &node.bind.required_message),
        ];
        all.push(worded(&node.place, &node.name, &texts));
    });
    for choice in form.lists.iter().flat_map(|list| &list.choices) {
        all.push(worded(&choice.place, &choice.value, &[("label", &choice.label)]));
    }
    calculated(form, &mut all);
    all
}

fn worded(place: &Place, name: &str, texts: &[(&str, &Text)]) -> Said {
    let named = ("name".to_owned(), name.replace(['_', '-', '.'], " "));
    let words = texts
        .iter()
        .flat_map(|(column, text)| text.wordings.iter().map(move |wording| ((*column).to_owned(), wording.outline())));
    Said { place: place.clone(), name: name.to_owned(), texts: std::iter::once(named).chain(words).collect() }
}

// What a calculation writes is read on a page too. It belongs to whatever stands in its row.
fn calculated(form: &Form, all: &mut Vec<Said>) {
    let mut rows: HashMap<(String, u32), usize> = HashMap::new();
    for (at, one) in all.iter().enumerate().filter(|(_, one)| one.place.row > 0) {
        rows.entry((one.place.sheet.clone(), one.place.row)).or_insert(at);
    }
    form.each_expression(&mut |expression| {
        let (place, text) = (&expression.place, (expression.place.column.clone(), expression.text.clone()));
        match rows.get(&(place.sheet.clone(), place.row)) {
            Some(at) => all[*at].texts.push(text),
            None => all.push(Said { place: place.clone(), name: expression.text.clone(), texts: vec![text] }),
        }
    });
}
