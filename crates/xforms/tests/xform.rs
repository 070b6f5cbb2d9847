//! XForms: what is written is read as the same form, and what others write is read too.
mod generated;
mod support;

use xforms::form::{Form, ItemSource, Kind, QuestionKind, SecondarySource};
use xforms::{xform, xlsform};

fn read(xml: &str) -> Form {
    let outcome = xform::read(xml);
    outcome.form.unwrap_or_else(|| panic!("{}", outcome.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

#[test]
fn every_form_survives_being_written_and_read() {
    let mut samples = support::samples();
    samples.extend((0..200).map(generated::sample));
    for sample in samples {
        let outcome = xlsform::read(&sample.workbook, &sample.name);
        let form = outcome.form.unwrap_or_else(|| panic!("{}: {:?}", sample.name, outcome.problems));
        let once = form.to_xform();
        let twice = read(&once).to_xform();
        assert!(once == twice, "{}:\n{}", sample.name, first_difference(&once, &twice));
    }
}

#[test]
fn a_form_read_from_xform_is_the_form_read_from_the_workbook() {
    for sample in support::samples() {
        let form = xlsform::read(&sample.workbook, &sample.name).form.expect("it is right");
        let again = read(&form.to_xform());
        assert_eq!(again.template, form.template, "{}", sample.name);
        assert_eq!(
            (again.actions.len(), &again.default_language),
            (form.actions.len(), &form.default_language),
            "{}",
            sample.name
        );
        let (mine, other) = (outline(&form), outline(&again));
        for (one, two) in mine.iter().zip(&other) {
            assert_eq!(one, two, "{}", sample.name);
        }
        assert_eq!(mine.len(), other.len(), "{}", sample.name);
    }
}

// What a form says of each node, places and parameters aside.
fn outline(form: &Form) -> Vec<String> {
    let mut lines = Vec::new();
    form.walk(&mut |node| {
        let rule = |rule: &Option<xforms::form::Expression>| rule.as_ref().map(|rule| rule.text.clone()).unwrap_or_default();
        let bind = &node.bind;
        let kind = match &node.kind {
            Kind::Group(_) => "group".to_owned(),
            Kind::Repeat(repeat) => format!("repeat {}", rule(&repeat.count)),
            Kind::Question(question) => {
                // A text that can't be changed is a note to those who only see the XForm.
                let text = question.kind == QuestionKind::Text && question.default.is_empty();
                let fixed = text && rule(&bind.readonly) == "true()" && bind.calculate.is_none();
                let kind = if fixed { &QuestionKind::Note } else { &question.kind };
                let nodes = question.items.as_ref().map(|items| (items.nodes(), items.value.clone(), items.label.clone()));
                format!("{kind:?} {nodes:?} {:?} {}", question.query.as_ref().map(|query| &query.text), question.default)
            }
        };
        let texts = [&node.label, &node.hint, &node.guidance, &bind.constraint_message, &bind.required_message];
        let said: Vec<Vec<String>> = texts
            .iter()
            .map(|text| {
                (0..form.languages.len())
                    .map(|at| text.in_language(at).map(|wording| wording.outline()).unwrap_or_default())
                    .collect()
            })
            .collect();
        let mut extra = bind.extra.clone();
        extra.sort();
        lines.push(format!(
            "{} {kind} | {} {} {} {} {} {:?} {} {extra:?} | {said:?} {:?} {:?}",
            node.path,
            rule(&bind.relevant),
            rule(&bind.constraint),
            rule(&bind.required),
            rule(&bind.readonly),
            rule(&bind.calculate),
            bind.preload,
            bind.save_to,
            node.appearance,
            node.control,
        ));
    });
    lines
}

fn first_difference(one: &str, other: &str) -> String {
    let pairs = one.lines().zip(other.lines());
    pairs.filter(|(one, other)| one != other).take(3).map(|(one, other)| format!("- {one}\n+ {other}\n")).collect()
}

const FOREIGN: &str = r#"<?xml version="1.0"?>
<!-- Written by hand, as tools of many years have done. -->
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" xmlns:ex="http://example.org">
 <h:head><h:title>Foreign &amp; old</h:title>
  <model>
   <instance><f id="foreign" version="2"><a/><g><b>x</b><c/></g><r jr:template=""><d/></r><hidden>7</hidden><orx:meta><orx:instanceID/></orx:meta></f></instance>
   <instance id="tree"><root><thing><n>1</n></thing></root></instance>
   <instance id="towns" src="jr://file-csv/towns.csv"/>
   <itext>
    <translation lang="en"><text id="a"><value>A <output value="/f/g/b"/></value><value form="image">jr://images/a.png</value></text><text id="h"><value>Hint</value></text></translation>
    <translation lang="ar" default=""><text id="a"><value>أ</value></text><text id="h"><value>-</value></text></translation>
   </itext>
   <bind nodeset="/f/a" type="xsd:int" relevant=" /f/g/b != '' " required="true()" ex:odd="1"/>
   <bind id="by_id" nodeset="/f/g/c" type="select1"/>
   <bind nodeset="/f/orx:meta/orx:instanceID" jr:preload="uid"/>
   <setvalue event="xforms-ready" ref="/f/hidden">8</setvalue>
  </model>
 </h:head>
 <h:body>
  <group appearance="field-list"><label>Only to see</label>
   <input ref="/f/g/b"><label>B</label></input>
  </group>
  <select1 bind="by_id"><label>C</label><item><label>One</label><value>1</value></item><item><label>Two</label><value>2</value></item></select1>
  <input ref="/f/a"><label ref="jr:itext('a')"/><hint ref="jr:itext('h')"/><setvalue event="xforms-value-changed" ref="/f/g/c" value="1 + 1"/></input>
  <group ref="/f/r"><label>R</label><repeat nodeset="/f/r" jr:count="/f/a" jr:noAddRemove="true()"><select ref="d"><label>D</label><itemset nodeset="randomize(instance('towns')/root/item[x = current()/../d], 3)"><value ref="id"/><label ref="title"/></itemset></select></repeat></group>
 </h:body>
</h:html>"#;

#[test]
fn what_other_tools_write_is_read() {
    let form = read(FOREIGN);
    assert_eq!((form.id.as_str(), form.version.as_str(), form.title.as_str()), ("foreign", "2", "Foreign & old"));
    assert_eq!(form.languages.iter().map(|language| language.name.as_str()).collect::<Vec<_>>(), ["en", "ar"]);
    assert_eq!(form.default_language, 1);
    let mut seen = Vec::new();
    form.walk(&mut |node| seen.push(node.path.clone()));
    assert_eq!(
        seen,
        [
            "/f",
            "/f/g",
            "/f/g/b",
            "/f/g",
            "/f/g/c",
            "/f/a",
            "/f/r",
            "/f/r/d",
            "/f/hidden",
            "/f/orx:meta",
            "/f/orx:meta/orx:instanceID"
        ]
    );
    let a = form.body.iter().find(|node| node.path == "/f/a").expect("it is shown");
    assert_eq!(a.question().map(|question| &question.kind), Some(&QuestionKind::Integer));
    assert_eq!(a.label.wordings[0].outline(), "A …");
    assert_eq!(a.label.wordings[0].media[0].file, "a.png");
    assert!(a.hint.in_language(1).is_none());
    assert_eq!(a.bind.extra, [("ex:odd".to_owned(), "1".to_owned())]);
    let repeat = form.body.iter().find(|node| node.path == "/f/r").expect("it is shown");
    let Kind::Repeat(repeat) = &repeat.kind else { panic!("it is a repeat") };
    assert!(repeat.fixed && repeat.count.is_some());
    let items = repeat.children[0].question().and_then(|question| question.items.as_ref()).expect("it has items");
    assert_eq!(items.source, ItemSource::Instance("towns".to_owned()));
    assert_eq!(items.nodes(), "instance('towns')/root/item[x = current()/../d]");
    assert!(items.shuffle.as_ref().is_some_and(|shuffle| shuffle.seed.is_some()));
    assert_eq!(form.list("c").map(|list| list.choices.len()), Some(2));
    assert!(
        form.secondary.iter().any(
            |secondary| matches!(&secondary.source, SecondarySource::Internal(tree) if tree.find("/root/thing/n").is_some())
        )
    );
    assert_eq!(form.actions.len(), 2);
    let again = form.to_xform();
    assert_eq!(read(&again).to_xform(), again);
}

#[test]
fn mistakes_in_an_xform_have_a_line() {
    let broken = FOREIGN
        .replace("<input ref=\"/f/g/b\">", "<input ref=\"/f/g/x\">")
        .replace("jr:itext('a')", "jr:itext('b')")
        .replace("instance('towns')", "instance('town')");
    let outcome = xform::read(&broken);
    assert!(outcome.form.is_none());
    let found: Vec<_> = outcome.problems.iter().map(|problem| (problem.code, problem.place.row)).collect();
    assert_eq!(found, [("unknown-path", 21), ("unknown-text", 24), ("unknown-instance", 25)]);
    assert_eq!(outcome.problems[2].remedy, "Perhaps `towns` is meant.");
}
