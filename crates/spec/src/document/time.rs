//! Time in equations: a state of its own, which grows with time.

use super::{Document, Kind, Named, StateEntry};
use crate::expr::Expression;
use crate::source::Spanned;
use crate::yaml::{Node, Scalar, Value};

/// The name by which equations call the time.
const TIME: &str = "t";

impl Document {
    /// Adds the state `t`, whose rate is 1, to a model whose equations name it and that declares no `t` itself. Every scheme advances it as it
    /// advances other states, so that the stages of a step see their own time, and derivatives go through it.
    pub(super) fn with_time(mut self) -> Self {
        let has_states = matches!(self.kind, Kind::Node | Kind::Observation) && !self.states.is_empty();
        if !has_states || self.declares(TIME) || !self.uses(TIME) {
            return self;
        }
        let span = self.name.span.clone();
        let node = |text: &str| Node {
            span: span.clone(),
            value: Value::Scalar(Scalar { text: text.to_owned(), start: None }),
        };
        let Ok(rate) = Expression::parse(&node("1")) else { return self };
        // Equations in dimensionless time count its units.
        let init = if self.time_unit.is_some() { "0" } else { "0 ms" };
        let name = Spanned::new(TIME.to_owned(), span.clone());
        self.states.push(Named {
            name: name.clone(),
            value: StateEntry {
                size: None,
                init: Some(node(init)),
                unit: None,
                noise: None,
                bounds: None,
                wrap: None,
                symbol: None,
                doc: Some("time since the start of the run".to_owned()),
            },
        });
        self.derivatives.push(Named { name, value: rate });
        self
    }

    /// Whether the file, or a part of it that could not be read, gives a name of the equations.
    fn declares(&self, name: &str) -> bool {
        fn has<T>(entries: &[Named<T>], name: &str) -> bool {
            entries.iter().any(|entry| entry.name.value == name)
        }
        self.incomplete
            || self.unread.iter().any(|unread| unread == name)
            || has(&self.states, name)
            || has(&self.parameters, name)
            || has(&self.inputs, name)
            || has(&self.functions, name)
            || has(&self.tables, name)
            || has(&self.lets, name)
            || has(&self.derivatives, name)
    }

    /// Whether an equation names something; an argument of a function is that function's own.
    fn uses(&self, name: &str) -> bool {
        let in_expression = |expression: &Expression| {
            let mut found = false;
            expression.root.names(&mut |used, _| found |= used == name);
            found
        };
        let is_argument = |arguments: &[String]| arguments.iter().any(|argument| argument == name);
        self.lets.iter().chain(&self.observables).any(|entry| in_expression(&entry.value.is))
            || self.derivatives.iter().any(|entry| in_expression(&entry.value))
            || self
                .functions
                .iter()
                .any(|entry| !is_argument(&entry.value.arguments) && in_expression(&entry.value.is))
    }
}
