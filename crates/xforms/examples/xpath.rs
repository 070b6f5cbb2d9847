//! Evaluates expressions, one a line of the input, over an XML file: `xpath instance.xml < expressions`. Prints one line for each: its
//! type, a tab, its text with line ends escaped. For comparing with other programs that know XPath.
use std::io::BufRead;

use xforms::instance::Instance;
use xforms::xpath::moment::Moment;
use xforms::xpath::{Context, Limits, Node, Value, evaluate_within, parse};

struct Alone(Instance);

impl Context for Alone {
    fn tree(&self, number: u16) -> Option<&Instance> {
        (number == 0).then_some(&self.0)
    }

    fn instance(&self, _: &str) -> Option<u16> {
        None
    }

    fn now(&self) -> Moment {
        Moment { milliseconds: 1_795_761_000_000, offset: 180 }
    }

    fn chance(&self) -> u64 {
        0
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("which XML file?")?;
    let alone = Alone(Instance::read(&std::fs::read_to_string(file)?).map_err(|error| error.what)?);
    for line in std::io::stdin().lock().lines() {
        let mut limits = Limits::default();
        let value = parse(&line?).and_then(|expr| evaluate_within(&expr, &alone, Node::element(alone.0.root()), &mut limits));
        let (kind, text) = match value {
            Ok(Value::Nodes(nodes)) => {
                ("nodes", nodes.iter().map(|node| Value::Nodes(vec![*node]).to_text(&alone)).collect::<Vec<_>>().join("|"))
            }
            Ok(value @ Value::Number(_)) => ("number", value.to_text(&alone)),
            Ok(value @ Value::Text(_)) => ("text", value.to_text(&alone)),
            Ok(value @ Value::Bool(_)) => ("bool", value.to_text(&alone)),
            Err(error) => ("error", error.to_string()),
        };
        println!("{kind}\t{}", text.replace('\\', "\\\\").replace('\n', "\\n"));
    }
    Ok(())
}
