//! The list of errors above a form names the field of each, in the words of the field's own label, and follows the order of the page.

const ITEM: &str = "<li><a href=\"#f-";

/// The page, its list of errors in the order of their fields, with the label of its field before each error.
pub fn named(html: &str) -> String {
    let Some(start) = html.find("<div class=\"tc-errors\"") else { return html.to_owned() };
    let end = html[start..].find("</ul>").map_or(html.len(), |length| start + length);
    let mut parts = html[start..end].split(ITEM);
    let before = parts.next().unwrap_or_default();
    let mut items: Vec<(usize, String)> = parts.map(|item| (place(html, field_of(item)), with_label(html, item))).collect();
    // What concerns the form as a whole, or a field that the page does not show, comes first.
    items.sort_by_key(|(place, _)| *place);
    let items: String = items.into_iter().map(|(_, item)| item).collect();
    [&html[..start], before, &items, &html[end..]].concat()
}

fn field_of(item: &str) -> &str {
    item.split_once("\">").map_or("", |(field, _)| field)
}

fn with_label(html: &str, item: &str) -> String {
    let label = label(html, field_of(item)).map(|label| format!("{label}: "));
    match (item.split_once("\">"), label) {
        (Some((field, text)), Some(label)) => format!("{ITEM}{field}\">{label}{text}"),
        _ => format!("{ITEM}{item}"),
    }
}

// Where the field stands on the page.
fn place(html: &str, field: &str) -> usize {
    if field.is_empty() {
        return 0;
    }
    html.find(&format!("id=\"f-{field}\"")).unwrap_or_default()
}

// The words of `<label … for="f-x">` or, of several choices, of the legend inside `<fieldset … id="f-x">`.
fn label<'a>(html: &'a str, field: &str) -> Option<&'a str> {
    let of_label = html.find(&format!("for=\"f-{field}\">"));
    let words = match of_label {
        Some(at) => html[at..].split_once('>')?.1,
        None => {
            let at = html.find(&format!("id=\"f-{field}\" tabindex"))?;
            // Another part of the page that bears the name of a field has no legend of its own, and takes none of what follows.
            html[..at].rfind('<').filter(|tag| html[*tag..].starts_with("<fieldset"))?;
            let group = html[at..].split("</fieldset>").next()?;
            group.split_once("<legend class=\"form-label\">")?.1
        }
    };
    let words = words.split('<').next()?.trim();
    (!field.is_empty() && !words.is_empty()).then(|| bare(words))
}

/// A label as the name of its field: without what makes a question of it.
pub fn bare(label: &str) -> &str {
    label.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '?' | '؟' | '¿'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_stands_behind_the_name_of_its_field() {
        let page = "<div class=\"tc-errors\"><ul><li><a href=\"#f-reason\">Fill this in.</a></li><li><a href=\"#f-way\">Choose.</a></li>\
                    <li><a href=\"#f-\">Late.</a></li></ul></div><label class=\"form-label\" for=\"f-reason\">Reason<span> *</span></label>\
                    <fieldset id=\"f-way\" tabindex=\"-1\"><legend class=\"form-label\">Which way?</legend></fieldset>";
        let named = named(page);
        assert!(
            named.contains("\"#f-reason\">Reason: Fill this in.<") && named.contains("\"#f-way\">Which way: Choose.<"),
            "{named}"
        );
        assert!(named.contains("\"#f-\">Late.<"));
        assert_eq!(["¿Es seguro?", "Est-ce sûr\u{202f}?", "هل هذا آمن؟"].map(bare), ["Es seguro", "Est-ce sûr", "هل هذا آمن"]);
    }

    #[test]
    fn a_part_of_the_page_takes_no_label_of_a_field_behind_it() {
        let page = "<div class=\"tc-errors\"><ul><li><a href=\"#f-case\">Explain it first.</a></li></ul></div><section id=\"f-case\" tabindex=\"-1\">\
                    </section><fieldset id=\"f-documents\" tabindex=\"-1\"><legend class=\"form-label\">Documents</legend></fieldset>";
        assert!(named(page).contains("\"#f-case\">Explain it first.<"), "{}", named(page));
    }

    #[test]
    fn errors_follow_the_order_of_the_page() {
        let page = "<p>Above</p><div class=\"tc-errors\"><ul><li><a href=\"#f-age\">C.</a></li><li><a href=\"#f-gone\">A.</a></li>\
                    <li><a href=\"#f-name\">B.</a></li></ul></div><label for=\"f-name\">Name</label><input id=\"f-name\"><input id=\"f-age\">";
        let named = named(page);
        let at = |words: &str| named.find(words).unwrap_or_else(|| panic!("{words} in {named}"));
        assert!(at("Above") < at(">A.<") && at(">A.<") < at(">Name: B.<") && at(">Name: B.<") < at(">C.<"));
        assert!(named.contains("</ul></div><label"));
    }
}
