//! What people chose, and what the form knows: selects, texts, other instances, the device.
use crate::xpath::ast::Expr;
use crate::xpath::context::Node;
use crate::xpath::error::Error;
use crate::xpath::eval::{Evaluator, Focus};
use crate::xpath::number as numbers;
use crate::xpath::value::{Value, text_of, with_text};

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|part| !part.is_empty())
}

pub(super) fn selected(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let (list, wanted) = (e.text(&a[0], f)?, e.text(&a[1], f)?);
    let wanted = wanted.trim();
    Ok(Value::Bool(if wanted.is_empty() { list.is_empty() } else { parts(&list).any(|part| part == wanted) }))
}

/// The choice at a place, counted from 0; blank beyond the ends.
pub(super) fn selected_at(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let list = e.text(&a[0], f)?;
    let place = numbers::whole(e.number(&a[1], f)?);
    let found = if place >= 0.0 { parts(&list).nth(place as usize) } else { None };
    Ok(Value::Text(found.unwrap_or_default().to_owned()))
}

pub(super) fn count_selected(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    Ok(Value::Number(parts(&e.text(&a[0], f)?).count() as f64))
}

/// `jr:choice-name(value, 'path of the question')`; blank if there is no such choice.
pub(super) fn choice_name(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let (value, path) = (e.text(&a[0], f)?, e.text(&a[1], f)?);
    let name = e.context.choice_name(&value, path.trim(), e.current).unwrap_or_default();
    e.made(name)
}

pub(super) fn itext(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let id = e.text(&a[0], f)?;
    e.made(e.context.itext(&id).unwrap_or_default())
}

pub(super) fn property(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let name = e.text(&a[0], f)?;
    e.made(e.context.property(&name).unwrap_or_default())
}

pub(super) fn version(e: &mut Evaluator, _: &[Expr], _: Focus) -> Result<Value, Error> {
    Ok(Value::Text(e.context.version().to_owned()))
}

/// `pulldata(instance, wanted column, column, value)`: from the first `/root/item` whose column has the value; blank if there is none.
pub(super) fn pulldata(e: &mut Evaluator, a: &[Expr], f: Focus) -> Result<Value, Error> {
    let (id, wanted, column, value) = (e.text(&a[0], f)?, e.text(&a[1], f)?, e.text(&a[2], f)?, e.text(&a[3], f)?);
    let found = e.context.instance(&id).and_then(|number| Some((number, e.context.tree(number)?)));
    let Some((number, tree)) = found else { return Err(Error::NoInstance(id)) };
    let node = |id| Node { instance: number, ..Node::element(id) };
    for item in tree.children(tree.root()) {
        e.spend(1)?;
        let fits = tree.child(*item, &column).is_some_and(|child| with_text(e.context, node(child), |text| text == value));
        if fits {
            let text = tree.child(*item, &wanted).map(|child| text_of(e.context, node(child)));
            return e.made(text.unwrap_or_default());
        }
    }
    Ok(Value::Text(String::new()))
}
