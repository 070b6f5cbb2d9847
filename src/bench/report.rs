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

    /// Every scale that something was measured over, the smallest first.
    pub fn scales(&self) -> Vec<u32> {
        let mut scales: Vec<u32> = self.0.iter().map(|line| line.scale).collect();
        scales.sort_unstable();
        scales.dedup();
        scales
    }

    /// How many values miss their budget.
    pub fn misses(&self) -> usize {
        self.0.iter().filter(|line| !line.ok).count()
    }
}

impl Report {
    /// The whole report for people: what was measured in each world side by side, with its budget, misses marked.
    pub fn table(&self, scales: &[u32]) -> String {
        let mut names: Vec<&str> = Vec::new();
        for line in &self.0 {
            if !names.contains(&line.name.as_str()) {
                names.push(&line.name);
            }
        }
        let wide = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
        let heads: String = scales.iter().map(|scale| format!("{scale:>12}")).collect();
        let mut table = vec![format!("{:wide$}{heads}{:>10}  unit", "households", "budget")];
        for name in names {
            let at = |scale: &u32| self.0.iter().find(|line| line.name == name && line.scale == *scale);
            let cells: String = scales
                .iter()
                .map(|scale| at(scale).map_or_else(|| format!("{:>12}", ""), |line| format!("{:>12}", line.shown())))
                .collect();
            let known = self.0.iter().find(|line| line.name == name);
            let budget = known.and_then(|line| line.budget).map(|budget| budget.to_string()).unwrap_or_default();
            table.push(format!("{name:wide$}{cells}{budget:>10}  {}", known.map_or("", |line| line.unit)));
        }
        table.join("\n")
    }
}

impl Line {
    // An exclamation mark stands at what misses its budget.
    fn shown(&self) -> String {
        let value = if self.value < 0.0 { "failed".to_owned() } else { self.value.to_string() };
        if self.ok { value } else { format!("! {value}") }
    }
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
