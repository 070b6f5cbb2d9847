//! The list of errors above a form names the field of each, in the words of the field's own label.

/// The page, with the label of its field before each error of the list.
pub fn named(html: &str) -> String {
    let Some(start) = html.find("<div class=\"tc-errors\"") else { return html.to_owned() };
    let end = html[start..].find("</ul>").map_or(html.len(), |length| start + length);
    let mut named = String::new();
    let mut rest = &html[start..end];
    while let Some(at) = rest.find("<a href=\"#f-") {
        let after = &rest[at + "<a href=\"#f-".len()..];
        let Some((field, text)) = after.split_once("\">") else { break };
        named.push_str(&rest[..at]);
        named.push_str(&format!("<a href=\"#f-{field}\">"));
        if let Some(label) = label(html, field) {
            named.push_str(&format!("{label}: "));
        }
        rest = text;
    }
    named.push_str(rest);
    [&html[..start], &named, &html[end..]].concat()
}

// The words of `<label … for="f-x">` or, of several choices, of the legend inside `<fieldset … id="f-x">`.
fn label<'a>(html: &'a str, field: &str) -> Option<&'a str> {
    let of_label = html.find(&format!("for=\"f-{field}\">"));
    let words = match of_label {
        Some(at) => html[at..].split_once('>')?.1,
        None => {
            let group = &html[html.find(&format!("id=\"f-{field}\" tabindex"))?..];
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
}
