//! Conditions over lanes.
use super::bits::{self, Bits, ask, ask_one};
use super::cells::{Cells, Data, floats};
use super::{Domain, Lanes};
use crate::batch::Values as Kept;
use crate::fields::FieldRef;
use crate::shape::{Comparison, Term, Truth, Values};

impl<'a> Lanes<'a> {
    pub(super) fn truth(self, truth: &'a Truth, domain: Domain<'_>) -> Bits {
        let lanes = domain.lanes;
        match truth {
            Truth::Always(true) => Bits::every(lanes),
            Truth::Always(false) => Bits::every(lanes).not(),
            Truth::Field(field) => self.yes_or_no(field, domain),
            Truth::Known(field) => self.known(field, domain),
            Truth::Compare { operator, left, right } => self.compare(*operator, left, right, domain),
            Truth::Same { left, right } => {
                let (left, right) = (self.truth(left, domain), self.truth(right, domain));
                let known = bits::both(&known(&left), &known(&right));
                Bits::of(&bits::zip(&left.yes, &right.yes, |left, right| !(left ^ right)), &known)
            }
            Truth::Among { term, values } => self.among(term, values, domain),
            Truth::Chosen { choice, field } => self.chosen(choice, field, domain),
            Truth::Words { test, text, part } => {
                let (text, part) = (self.term(text, domain), self.term(part, domain));
                match (&text.data, &part.data) {
                    (Data::Text(whole), Data::Text(parts)) => {
                        let holds = ask(whole, parts, |text, part| test.holds(text, part));
                        Bits::of(&holds, &bits::both(&text.valid, &part.valid))
                    }
                    _ => Bits::unknown(lanes),
                }
            }
            Truth::Not(inner) => self.truth(inner, domain).not(),
            Truth::All(parts) => all(parts.iter().map(|part| self.truth(part, domain)), lanes),
            Truth::Any(parts) => all(parts.iter().map(|part| self.truth(part, domain).not()), lanes).not(),
            Truth::Members { how, such } => self.members(*how, such, domain),
            Truth::Choose { condition, then, otherwise } => {
                let condition = self.truth(condition, domain);
                choose(&condition, &self.truth(then, domain), &self.truth(otherwise, domain))
            }
        }
    }

    fn yes_or_no(self, field: &FieldRef, domain: Domain<'_>) -> Bits {
        match self.column(field, domain).map(|(column, rows)| (column, &column.values, rows)) {
            Some((column, Kept::Bool(yes), rows)) => {
                Bits::of(&rows.pick_bits(yes, domain.lanes), &rows.pick_bits(&column.valid, domain.lanes))
            }
            _ => Bits::unknown(domain.lanes),
        }
    }

    fn known(self, field: &FieldRef, domain: Domain<'_>) -> Bits {
        match self.column(field, domain) {
            Some((column, rows)) => {
                let yes = rows.pick_bits(&column.valid, domain.lanes);
                Bits { no: yes.iter().map(|word| !word).collect(), yes }
            }
            None => Bits::every(domain.lanes).not(),
        }
    }

    fn compare(self, operator: Comparison, left: &'a Term, right: &'a Term, domain: Domain<'_>) -> Bits {
        match (left, right) {
            (Term::Count(such), other) => self.compare_count(operator, such.as_deref(), other, domain),
            (other, Term::Count(such)) => self.compare_count(operator.turned(), such.as_deref(), other, domain),
            (Term::Field(field), Term::Text(text)) | (Term::Text(text), Term::Field(field))
                if matches!(operator, Comparison::Equal | Comparison::NotEqual) && field.kind.is_text() =>
            {
                let equal = self.is_one_of(field, std::slice::from_ref(text), domain);
                if operator == Comparison::Equal { equal } else { equal.not() }
            }
            _ => compare(operator, &self.term(left, domain), &self.term(right, domain), domain.lanes),
        }
    }

    fn compare_count(self, operator: Comparison, such: Option<&'a Truth>, other: &'a Term, domain: Domain<'_>) -> Bits {
        let other = self.term(other, domain);
        let tally = self.tally(such, domain);
        let mut bits = Bits::unknown(domain.lanes);
        for lane in (0..domain.lanes).filter(|lane| bits::get(&other.valid, *lane)) {
            let (low, high) = tally.bounds(lane);
            let holds = match &other.data {
                Data::Int(values) => operator.within(low, high, values[lane]),
                Data::Number(values) => operator.within(low as f64, high as f64, values[lane]),
                Data::Text(_) | Data::Nothing => None,
            };
            bits.put(lane, holds);
        }
        bits
    }

    fn among(self, term: &'a Term, values: &'a Values, domain: Domain<'_>) -> Bits {
        if let (Term::Field(field), Values::Texts(texts)) = (term, values)
            && field.kind.is_text()
        {
            return self.is_one_of(field, texts, domain);
        }
        let cells = self.term(term, domain);
        let holds = match (&cells.data, values) {
            (Data::Int(numbers), Values::Ints(values)) => ask_one(numbers, |one| values.contains(one)),
            (Data::Int(numbers), Values::Numbers(values)) => ask_one(&floats(numbers), |one| values.contains(one)),
            (Data::Number(numbers), Values::Numbers(values)) => ask_one(numbers, |one| values.contains(one)),
            (Data::Text(texts), Values::Texts(values)) => ask_one(texts, |one| values.iter().any(|value| value == one)),
            _ => return Bits::unknown(domain.lanes),
        };
        Bits::of(&holds, &cells.valid)
    }

    /// Compares numbers of texts, not texts. A text that no profile has equals none.
    fn is_one_of(self, field: &FieldRef, texts: &[String], domain: Domain<'_>) -> Bits {
        let Some((column, rows)) = self.column(field, domain) else { return Bits::unknown(domain.lanes) };
        let Kept::Text(codes) = &column.values else { return Bits::unknown(domain.lanes) };
        let wanted: Vec<u32> = texts.iter().filter_map(|text| self.batch.words().find(text)).collect();
        let codes = rows.pick(codes, domain.lanes);
        let holds = match wanted[..] {
            [wanted] => ask_one(&codes, |code| *code == wanted),
            _ => ask_one(&codes, |code| wanted.contains(code)),
        };
        Bits::of(&holds, &rows.pick_bits(&column.valid, domain.lanes))
    }

    fn chosen(self, choice: &'a Term, field: &FieldRef, domain: Domain<'_>) -> Bits {
        let lanes = domain.lanes;
        let Some((column, rows)) = self.column(field, domain) else { return Bits::unknown(lanes) };
        let Kept::Choices { spans, codes } = &column.values else { return Bits::unknown(lanes) };
        let valid = rows.pick_bits(&column.valid, lanes);
        let spans = rows.pick(spans, lanes);
        // A place that isn't known may name choices from before the batch was emptied.
        let picked = |(from, to): (u32, u32)| codes.get(from as usize..to as usize).unwrap_or_default();
        if let Term::Text(text) = choice {
            let Some(wanted) = self.batch.words().find(text) else { return Bits::of(&vec![0; valid.len()], &valid) };
            return Bits::of(&ask_one(&spans, |span| picked(*span).contains(&wanted)), &valid);
        }
        let cells = self.term(choice, domain);
        let Data::Text(texts) = &cells.data else { return Bits::unknown(lanes) };
        let wanted: Vec<Option<u32>> = texts.iter().map(|text| self.batch.words().find(text)).collect();
        let holds = ask(&spans, &wanted, |span, wanted| wanted.is_some_and(|wanted| picked(span).contains(&wanted)));
        Bits::of(&holds, &bits::both(&valid, &cells.valid))
    }
}

fn all(parts: impl Iterator<Item = Bits>, lanes: usize) -> Bits {
    parts.fold(Bits::every(lanes), |mut all, part| {
        all.and(&part);
        all
    })
}

fn known(bits: &Bits) -> Vec<u64> {
    bits::zip(&bits.yes, &bits.no, |yes, no| yes | no)
}

fn choose(condition: &Bits, then: &Bits, otherwise: &Bits) -> Bits {
    let pick = |then: &[u64], otherwise: &[u64]| {
        let words = 0..then.len();
        words
            .map(|at| {
                let (yes, no) = (condition.yes[at], condition.no[at]);
                (yes & then[at]) | (no & otherwise[at]) | (!yes & !no & then[at] & otherwise[at])
            })
            .collect()
    };
    Bits { yes: pick(&then.yes, &otherwise.yes), no: pick(&then.no, &otherwise.no) }
}

fn compare(operator: Comparison, left: &Cells<'_>, right: &Cells<'_>, lanes: usize) -> Bits {
    let holds = match (&left.data, &right.data) {
        (Data::Int(left), Data::Int(right)) => ordered(operator, left, right),
        (Data::Number(left), Data::Number(right)) => ordered(operator, left, right),
        (Data::Int(left), Data::Number(right)) => ordered(operator, &floats(left), right),
        (Data::Number(left), Data::Int(right)) => ordered(operator, left, &floats(right)),
        (Data::Text(left), Data::Text(right)) => ordered(operator, left, right),
        _ => return Bits::unknown(lanes),
    };
    Bits::of(&holds, &bits::both(&left.valid, &right.valid))
}

/// Two loops for six operators: the rest are their contraries and their sides changed. No value is NaN.
fn ordered<T: Copy + PartialOrd>(operator: Comparison, left: &[T], right: &[T]) -> Vec<u64> {
    match operator {
        Comparison::Equal => ask(left, right, |left, right| left == right),
        Comparison::Less => ask(left, right, |left, right| left < right),
        Comparison::More => ordered(Comparison::Less, right, left),
        Comparison::NotEqual => contrary(ordered(Comparison::Equal, left, right)),
        Comparison::AtLeast => contrary(ordered(Comparison::Less, left, right)),
        Comparison::AtMost => contrary(ordered(Comparison::Less, right, left)),
    }
}

fn contrary(mut bits: Vec<u64>) -> Vec<u64> {
    bits.iter_mut().for_each(|word| *word = !*word);
    bits
}
