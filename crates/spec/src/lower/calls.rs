//! Calls of functions: those of the language, and those of the file, which are written out.

use std::collections::HashMap;
use std::sync::Arc;

use super::typed::{Lowering, Type, Typed};
use crate::differentiate::{HeldValues, forward};
use crate::expr::{Expr, Expression};
use crate::functions::{self, Builtin};
use crate::graph::{Compare, NodeId, Op, Unary};
use crate::problem::{Problem, suggestion};
use crate::source::Span;
use crate::unit::Unit;

/// Most calls of functions that one file may expand to.
const MAX_CALLS: usize = 5000;
/// Deepest nesting of functions that call functions.
const MAX_CALL_DEPTH: usize = 16;
/// Most levels of the expressions that are written out in each other, so that the stack holds them.
const MAX_LEVELS: usize = 300;
/// Most nodes of a graph: what the expressions of a file come to once functions are written out.
const MAX_NODES: usize = 50_000;

impl Lowering<'_> {
    /// Lowers a call of a function.
    pub(super) fn call(
        &mut self,
        name: &str,
        name_span: &Span,
        given: &[Expr],
        e: &Expr,
        whole: &Expression,
        arguments: &HashMap<String, Typed>,
    ) -> Option<Typed> {
        if self.broken.contains(name) {
            return None;
        }
        let own = self.functions.iter().position(|function| function.name.value == name);
        let table = self.tables.iter().position(|table| table.name == name);
        let tables = Arc::clone(&self.tables);
        let wanted: Vec<&str> = match (own, functions::find(name), table) {
            (Some(index), ..) => self.functions[index].value.arguments.iter().map(String::as_str).collect(),
            (None, Some((wanted, _)), _) => wanted.to_vec(),
            (None, None, Some(table)) => tables[table].axes.iter().map(|axis| axis.name.as_str()).collect(),
            (None, None, None) => {
                if self.incomplete {
                    return None;
                }
                let mut known: Vec<&str> = functions::names().collect();
                known.extend(self.functions.iter().map(|function| function.name.value.as_str()));
                known.extend(tables.iter().map(|table| table.name.as_str()));
                let problem = match self.words.get(name) {
                    Some(word) => {
                        let inside = match given {
                            [argument] if argument.range.len() <= 40 => {
                                whole.span(argument).text().to_owned()
                            }
                            _ => "...".to_owned(),
                        };
                        Problem::new(name_span, format!("`{name}` is {word}, not a function"))
                            .help(format!("did you mean `{name}*({inside})`? a product needs its sign"))
                    }
                    None => Problem::new(name_span, format!("unknown function `{name}`")).help(
                        match functions::usual_name(name) {
                            Some(here) => format!("did you mean `{here}`?"),
                            None => suggestion(name, "functions", known),
                        },
                    ),
                };
                self.problems.push(problem);
                return None;
            }
        };
        if wanted.len() != given.len() {
            let (takes, has) = (wanted.len(), given.len());
            let message = format!("`{name}` takes {takes} argument{}, here it has {has}", plural(takes));
            self.problems
                .push(Problem::new(&whole.span(e), message).help(format!("{name}({})", wanted.join(", "))));
            return None;
        }
        if let Some(index) = own {
            let values: Vec<Option<Typed>> = given.iter().map(|a| self.expr(a, whole, arguments)).collect();
            let values: Vec<Typed> = values.into_iter().collect::<Option<_>>()?;
            return self.expand(index, &values, name_span);
        }
        if let Some(index) = table {
            return self.look_up(index, given, whole, arguments);
        }
        let builtin = functions::find(name)?.1;
        match builtin {
            Builtin::Delay => self.delay(given, whole, arguments),
            Builtin::Diff => self.diff(given, name_span, whole, arguments),
            _ => self.builtin(builtin, name, given, whole, arguments),
        }
    }

    /// Writes a function of the file out at its call.
    fn expand(&mut self, index: usize, values: &[Typed], call: &Span) -> Option<Typed> {
        let key = (index, values.iter().map(|value| (value.node, format!("{:?}", value.kind))).collect());
        if let Some(known) = self.calls.get(&key) {
            return *known;
        }
        if self.exhausted {
            return None;
        }
        let functions = self.functions;
        let function = &functions[index].value;
        let levels = usize::from(function.is.root.height);
        let beyond = if self.calls.len() >= MAX_CALLS {
            Some(format!("{MAX_CALLS} calls"))
        } else if self.call_depth >= MAX_CALL_DEPTH {
            Some(format!("{MAX_CALL_DEPTH} calls inside each other"))
        } else if self.levels + levels > MAX_LEVELS {
            Some(format!("{MAX_LEVELS} levels of parentheses"))
        } else if self.graph.len() > MAX_NODES {
            Some(format!("{MAX_NODES} operations"))
        } else {
            None
        };
        if let Some(beyond) = beyond {
            let message = format!("the functions of this file expand to more than {beyond}");
            let help = "name what they share under `let`, which is computed once";
            self.problems.push(Problem::new(call, message).help(help));
            self.exhausted = true;
            return None;
        }
        let bound = function.arguments.iter().cloned().zip(values.iter().copied()).collect();
        self.call_depth += 1;
        self.levels += levels;
        let result = self.expr(&function.is.root, &function.is, &bound);
        self.call_depth -= 1;
        self.levels -= levels;
        self.calls.insert(key, result);
        result
    }

    /// The derivative of an expression by a state, a parameter or an input, through all that the expression is made of.
    fn diff(
        &mut self,
        given: &[Expr],
        call: &Span,
        whole: &Expression,
        arguments: &HashMap<String, Typed>,
    ) -> Option<Typed> {
        let [what, by] = given else { return None };
        let (value, name) = (self.expr(what, whole, arguments), self.expr(by, whole, arguments));
        let (value, name) = (value?, name?);
        self.require_number(value, &whole.span(what))?;
        let Op::Symbol(symbol) = self.graph.op(name.node) else {
            let message = "a derivative is by a state, a parameter or an input";
            let problem = Problem::new(&whole.span(by), message).label("not a single one of these");
            self.problems.push(problem.help("make it an argument of a function, and give that a state"));
            return None;
        };
        if self.exhausted {
            return None;
        }
        // A derivative has a few times as many operations as what it is of: one that starts below the limit is not far beyond it.
        if self.graph.len() > MAX_NODES {
            let message = format!("the derivatives of this file expand to more than {MAX_NODES} operations");
            let help = "name what they share under `let`, which is computed once";
            self.problems.push(Problem::new(call, message).help(help));
            self.exhausted = true;
            return None;
        }
        let node = forward(&mut self.graph, &[value.node], symbol, HeldValues::Varying)[0];
        let kind = match (value.kind, name.kind) {
            (Type::Number(unit), Type::Number(by)) => Type::Number(unit.per(by)),
            (kind, _) => kind,
        };
        Some(Typed { node, kind })
    }

    fn builtin(
        &mut self,
        builtin: Builtin,
        name: &str,
        given: &[Expr],
        whole: &Expression,
        arguments: &HashMap<String, Typed>,
    ) -> Option<Typed> {
        let what = format!("`{name}`");
        if builtin == Builtin::Where {
            let [condition, yes, no] = given else { return None };
            let condition = self.condition(condition, whole, arguments);
            let (a, b) = (self.expr(yes, whole, arguments), self.expr(no, whole, arguments));
            let (condition, a, b) = (condition?, a?, b?);
            let (a, b, kind) = self.alike(a, b, [&whole.span(yes), &whole.span(no)], &what)?;
            return Some(Typed { node: self.graph.select(condition, a, b), kind });
        }
        let spans: Vec<Span> = given.iter().map(|argument| whole.span(argument)).collect();
        let typed: Vec<Option<Typed>> =
            given.iter().map(|argument| self.expr(argument, whole, arguments)).collect();
        let typed: Vec<Typed> = typed.into_iter().collect::<Option<_>>()?;
        let first = typed[0];
        let argument = format!("the argument of {what}");
        match builtin {
            Builtin::Pure(function) => {
                let node = self.convert(first, Unit::ONE, &spans[0], &argument)?;
                Some(Typed::number(self.graph.unary(function, node), Unit::ONE))
            }
            Builtin::Sinh | Builtin::Cosh | Builtin::Tan => {
                let node = self.convert(first, Unit::ONE, &spans[0], &argument)?;
                Some(Typed::number(self.composed(builtin, node), Unit::ONE))
            }
            Builtin::Sqrt | Builtin::Cbrt => {
                self.require_number(first, &spans[0])?;
                let (function, exponent, root) = match builtin {
                    Builtin::Sqrt => (Unary::Sqrt, 0.5, "square root"),
                    _ => (Unary::Cbrt, 1.0 / 3.0, "cube root"),
                };
                let kind = match first.kind {
                    Type::Number(unit) => match unit.power(exponent) {
                        Some(root) => Type::Number(root),
                        None => {
                            let name = self.unit_name(unit);
                            self.problems.push(Problem::new(&spans[0], format!("{name} has no {root}")));
                            return None;
                        }
                    },
                    other => other,
                };
                Some(Typed { node: self.graph.unary(function, first.node), kind })
            }
            Builtin::Atan2 => {
                let (y, x, _) = self.alike(first, typed[1], [&spans[0], &spans[1]], &what)?;
                Some(Typed::number(self.graph.atan2(y, x), Unit::ONE))
            }
            Builtin::Heaviside => {
                self.require_number(first, &spans[0])?;
                let g = &mut self.graph;
                let (zero, one) = (g.constant(0.0), g.constant(1.0));
                let positive = g.compare(Compare::Less, zero, first.node);
                Some(Typed::number(g.select(positive, one, zero), Unit::ONE))
            }
            Builtin::Abs => {
                self.require_number(first, &spans[0])?;
                Some(Typed { node: self.graph.unary(Unary::Abs, first.node), ..first })
            }
            Builtin::Sign => {
                self.require_number(first, &spans[0])?;
                Some(Typed::number(self.graph.unary(Unary::Sign, first.node), Unit::ONE))
            }
            Builtin::Min | Builtin::Max => {
                let (a, b, kind) = self.alike(first, typed[1], [&spans[0], &spans[1]], &what)?;
                let node = if builtin == Builtin::Min { self.graph.min(a, b) } else { self.graph.max(a, b) };
                Some(Typed { node, kind })
            }
            Builtin::Clip => {
                let (x, low, kind) = self.alike(first, typed[1], [&spans[0], &spans[1]], &what)?;
                let above = Typed { node: self.graph.max(x, low), kind };
                let (x, high, kind) = self.alike(above, typed[2], [&spans[0], &spans[2]], &what)?;
                Some(Typed { node: self.graph.min(x, high), kind })
            }
            Builtin::Where | Builtin::Delay | Builtin::Diff => None,
        }
    }

    /// Functions that are made of others.
    fn composed(&mut self, builtin: Builtin, x: NodeId) -> NodeId {
        let g = &mut self.graph;
        if builtin == Builtin::Tan {
            let (sine, cosine) = (g.unary(Unary::Sin, x), g.unary(Unary::Cos, x));
            return g.divide(sine, cosine);
        }
        let minus = g.negate(x);
        let half = g.constant(0.5);
        let function = if builtin == Builtin::Sinh { Unary::Expm1 } else { Unary::Exp };
        let (up, down) = (g.unary(function, x), g.unary(function, minus));
        let both = if builtin == Builtin::Sinh { g.subtract(up, down) } else { g.add(up, down) };
        g.multiply(half, both)
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
