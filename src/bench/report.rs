//! What was measured, as a list that people and machines read.
use serde::Serialize;

/// One measured value beside its budget.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// What was measured.
    pub name: String,
    /// Over how many households.
    pub scale: u32,
    /// In what the value is given.
    pub unit: &'static str,
    /// The value.
    pub value: f64,
    /// What it may be at most; none where it is only counted.
    pub budget: Option<f64>,
    /// It keeps the budget, or has none.
    pub ok: bool,
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub struct Report(pub Vec<Line>);

impl Report {
    /// Adds a value that has a budget.
    pub fn within(&mut self, name: impl Into<String>, scale: u32, unit: &'static str, value: f64, budget: f64) {
        self.0.push(Line { name: name.into(), scale, unit, value: rounded(value), budget: Some(budget), ok: value <= budget });
    }

    /// Adds a value that is only counted.
    pub fn counted(&mut self, name: impl Into<String>, scale: u32, unit: &'static str, value: f64) {
        self.0.push(Line { name: name.into(), scale, unit, value: rounded(value), budget: None, ok: true });
    }

    /// Adds what could not be measured, which keeps no budget.
    pub fn missing(&mut self, name: impl Into<String>, scale: u32, unit: &'static str, budget: f64) {
        self.0.push(Line { name: name.into(), scale, unit, value: -1.0, budget: Some(budget), ok: false });
    }

    /// The value of this name at this scale.
    pub fn value(&self, name: &str, scale: u32) -> Option<f64> {
        self.0.iter().find(|line| line.name == name && line.scale == scale).map(|line| line.value).filter(|value| *value >= 0.0)
    }

    /// What misses its budget, one line each.
    pub fn misses(&self) -> Vec<String> {
        let missing = self.0.iter().filter(|line| !line.ok);
        missing
            .map(|line| {
                let budget = line.budget.unwrap_or_default();
                format!("{} at {} households: {} {}, budget {budget}", line.name, line.scale, line.value, line.unit)
            })
            .collect()
    }
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
