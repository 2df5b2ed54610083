//! Expressions into the graph, with their units checked and conversion factors put in.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::document::{FunctionEntry, Named};
use crate::expr::{Binary, Expr, ExprKind, Expression};
use crate::functions;
use crate::graph::{Compare, Graph, NodeId};
use crate::model::{DelayedSignal, NamedUnit, Table};
use crate::problem::{Problem, Problems, suggestion};
use crate::source::Span;
use crate::unit::Unit;

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Type {
    /// True or false.
    Truth,
    /// A number in a unit.
    Number(Unit),
    /// The number 0, which has any unit.
    Zero,
}

/// A node with its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Typed {
    /// The node.
    pub node: NodeId,
    /// Its type.
    pub kind: Type,
}

impl Typed {
    /// A number in a unit.
    pub fn number(node: NodeId, unit: Unit) -> Self {
        Self { node, kind: Type::Number(unit) }
    }
}

/// A named value that can be read with a delay although it may not have been lowered yet.
#[derive(Debug, Clone)]
pub struct Delayable {
    /// The observable that holds the value; one of its own for a value that is not declared as one.
    pub observable: usize,
    /// The unit of the value, where the file gives it.
    pub unit: Option<NamedUnit>,
}

/// A function call already expanded: the function, and for each argument its node and its unit in a comparable form.
pub(super) type CallKey = (usize, Vec<(NodeId, String)>);

/// The state of lowering one file's expressions.
pub struct Lowering<'a> {
    /// All expressions so far.
    pub graph: Graph,
    /// Names with the nodes and units that they stand for.
    pub names: HashMap<String, Typed>,
    /// Names whose definition failed: their uses are not reported again.
    pub broken: HashSet<String>,
    /// Whether a part of the file could not be read: then no name is called unknown.
    pub incomplete: bool,
    /// Delayed reads met so far.
    pub delays: Vec<DelayedSignal>,
    /// Named values that can be delayed, lowered or not.
    pub delayable: HashMap<String, Delayable>,
    /// The number of observables of the file, behind which lets that are delayed become observables.
    pub observables: usize,
    /// Names of lets that are delayed and are no observables of the file.
    pub delayed_lets: Vec<String>,
    /// Names of values that are delayed, with the units that were taken for theirs and the places of the calls.
    pub delayed_names: Vec<(String, Unit, Span)>,
    /// The tables of the file; the index of each is that of its numbers in the graph.
    pub tables: Arc<[Table]>,
    /// Mistakes found so far.
    pub problems: &'a mut Problems,
    /// The number of input ports, behind which delayed values are read.
    pub ports: usize,
    /// Units with the names that the file uses for them, for messages.
    pub unit_names: Vec<(Unit, String)>,
    /// The kinds of things that the names of the file stand for, in words for messages: a parameter, a state.
    pub words: HashMap<String, &'static str>,
    pub(super) functions: &'a [Named<FunctionEntry>],
    /// Result of each call; `None` where something is wrong with it, which has been told.
    pub(super) calls: HashMap<CallKey, Option<Typed>>,
    pub(super) call_depth: usize,
    /// Levels of all expressions that are being written out.
    pub(super) levels: usize,
    /// Whether a limit was passed. Nothing more is written out then, since the limit holds for the sum of all branches.
    pub(super) exhausted: bool,
}

impl<'a> Lowering<'a> {
    pub fn new(functions: &'a [Named<FunctionEntry>], problems: &'a mut Problems) -> Self {
        Self {
            graph: Graph::default(),
            names: HashMap::new(),
            broken: HashSet::new(),
            incomplete: false,
            delays: Vec::new(),
            delayable: HashMap::new(),
            observables: 0,
            delayed_lets: Vec::new(),
            delayed_names: Vec::new(),
            tables: Arc::from([]),
            problems,
            ports: 0,
            unit_names: Vec::new(),
            words: HashMap::new(),
            functions,
            calls: HashMap::new(),
            call_depth: 0,
            levels: 0,
            exhausted: false,
        }
    }

    /// Lowers something in which `names` stand for what is given, and no others. Functions that were expanded elsewhere saw other names, so
    /// that what came of them does not hold here.
    pub fn with_names<T>(&mut self, names: HashMap<String, Typed>, lower: impl FnOnce(&mut Self) -> T) -> T {
        let outer = (std::mem::replace(&mut self.names, names), std::mem::take(&mut self.calls));
        let lowered = lower(self);
        (self.names, self.calls) = outer;
        lowered
    }

    /// An expression of any type.
    pub fn lower(&mut self, expression: &Expression) -> Option<Typed> {
        let levels = usize::from(expression.root.height);
        self.levels += levels;
        let lowered = self.expr(&expression.root, expression, &HashMap::new());
        self.levels -= levels;
        lowered
    }

    /// An expression that is a number, in its own unit; 0 counts as a pure number.
    pub fn lower_number(&mut self, expression: &Expression) -> Option<(NodeId, Unit)> {
        let typed = self.lower(expression)?;
        match typed.kind {
            Type::Number(unit) => Some((typed.node, unit)),
            Type::Zero => Some((typed.node, Unit::ONE)),
            Type::Truth => {
                let problem = Problem::new(&expression.origin.span, "expected a number, found a condition");
                self.problems.push(problem.help("use `where(condition, a, b)`"));
                None
            }
        }
    }

    /// An expression converted to `unit`; `what` says in messages what has that unit.
    pub fn lower_to(&mut self, expression: &Expression, unit: Unit, what: &str) -> Option<NodeId> {
        let typed = self.lower(expression)?;
        let span = expression.origin.span.clone();
        self.convert(typed, unit, &span, what)
    }

    /// Names a unit for a message.
    pub fn unit_name(&self, unit: Unit) -> String {
        if unit == Unit::ONE {
            return "a pure number".to_owned();
        }
        let known = self.unit_names.iter().find(|(known, _)| *known == unit);
        match known {
            Some((_, name)) => name.clone(),
            None => match self.unit_names.iter().find(|(known, _)| known.dimension == unit.dimension) {
                Some((_, name)) => format!("{name} (times a factor)"),
                None => unit.dimension.to_string(),
            },
        }
    }

    /// `typed` as a number in `unit`.
    pub fn convert(&mut self, typed: Typed, unit: Unit, span: &Span, what: &str) -> Option<NodeId> {
        match typed.kind {
            Type::Zero => Some(typed.node),
            Type::Truth => {
                let problem = Problem::new(span, "expected a number, found a condition");
                self.problems.push(problem.help("use `where(condition, a, b)`"));
                None
            }
            Type::Number(own) => match own.factor_to(unit) {
                Some(factor) => Some(self.scale(typed.node, factor)),
                None => {
                    let (own, wanted) = (self.unit_name(own), self.unit_name(unit));
                    let missing = missing_factor(typed.kind, unit);
                    let problem =
                        Problem::new(span, format!("wrong unit: {what} must be {wanted}, this is {own}"))
                            .label(format!("this is {own}"));
                    self.problems.push(match missing {
                        Some(missing) => problem.help(format!("it lacks a factor of dimension {missing}")),
                        None => problem,
                    });
                    None
                }
            },
        }
    }

    pub(super) fn scale(&mut self, node: NodeId, factor: f64) -> NodeId {
        let factor = self.graph.constant(factor);
        self.graph.multiply(factor, node)
    }

    pub(super) fn expr(
        &mut self,
        e: &Expr,
        whole: &Expression,
        arguments: &HashMap<String, Typed>,
    ) -> Option<Typed> {
        // What follows would not be told.
        if self.problems.is_full() {
            return None;
        }
        match &e.kind {
            ExprKind::Number { value, unit, .. } => {
                let node = self.graph.constant(*value);
                Some(match unit {
                    Some((unit, _)) => Typed::number(node, *unit),
                    None if *value == 0.0 => Typed { node, kind: Type::Zero },
                    None => Typed::number(node, Unit::ONE),
                })
            }
            ExprKind::Name(name) => self.name(name, e, whole, arguments),
            ExprKind::Negate(inner) => {
                let typed = self.expr(inner, whole, arguments)?;
                self.require_number(typed, &whole.span(inner))?;
                Some(Typed { node: self.graph.negate(typed.node), ..typed })
            }
            ExprKind::Not(inner) => {
                let condition = self.condition(inner, whole, arguments)?;
                Some(Typed { node: self.graph.not(condition), kind: Type::Truth })
            }
            ExprKind::Binary(operator, left, right) => self.binary(*operator, left, right, whole, arguments),
            ExprKind::Call { name, name_range, arguments: given } => {
                let name_span = whole.origin.part(name_range.clone());
                self.call(name, &name_span, given, e, whole, arguments)
            }
        }
    }

    fn name(
        &mut self,
        name: &str,
        e: &Expr,
        whole: &Expression,
        arguments: &HashMap<String, Typed>,
    ) -> Option<Typed> {
        if let Some(typed) = arguments.get(name).or_else(|| self.names.get(name)) {
            return Some(*typed);
        }
        if name == "pi" {
            return Some(Typed::number(self.graph.constant(std::f64::consts::PI), Unit::ONE));
        }
        if self.broken.contains(name) || self.incomplete || self.problems.is_full() {
            return None;
        }
        let span = whole.span(e);
        let is_function =
            functions::find(name).is_some() || self.functions.iter().any(|f| f.name.value == name);
        if self.tables.iter().any(|table| table.name == name) {
            let problem = Problem::new(&span, format!("`{name}` is a table"));
            self.problems.push(problem.help("give it the places to look up, as a function its arguments"));
            return None;
        }
        if is_function {
            self.problems
                .push(Problem::new(&span, format!("`{name}` is a function")).help("give it its arguments"));
            return None;
        }
        let mut known: Vec<&str> = arguments.keys().chain(self.names.keys()).map(String::as_str).collect();
        known.sort_unstable();
        let help = suggestion(name, "names here", known);
        self.problems.push(Problem::new(&span, format!("unknown name `{name}`")).help(help));
        None
    }

    pub(super) fn require_number(&mut self, typed: Typed, span: &Span) -> Option<()> {
        if typed.kind == Type::Truth {
            self.problems.push(Problem::new(span, "expected a number, found a condition"));
            return None;
        }
        Some(())
    }

    pub(super) fn condition(
        &mut self,
        e: &Expr,
        whole: &Expression,
        arguments: &HashMap<String, Typed>,
    ) -> Option<NodeId> {
        let typed = self.expr(e, whole, arguments)?;
        if typed.kind == Type::Truth {
            return Some(typed.node);
        }
        let problem = Problem::new(&whole.span(e), "expected a condition, found a number");
        self.problems.push(problem.help("compare it: `x > 0`"));
        None
    }

    /// Two numbers in one unit: the left one's, unless that is 0.
    pub(super) fn alike(
        &mut self,
        a: Typed,
        b: Typed,
        spans: [&Span; 2],
        what: &str,
    ) -> Option<(NodeId, NodeId, Type)> {
        self.require_number(a, spans[0])?;
        self.require_number(b, spans[1])?;
        match (a.kind, b.kind) {
            (Type::Number(left), Type::Number(right)) => match right.factor_to(left) {
                Some(factor) => Some((a.node, self.scale(b.node, factor), a.kind)),
                None => {
                    let (left_name, right_name) = (self.unit_name(left), self.unit_name(right));
                    let message =
                        format!("the two sides of {what} have different units: {left_name} and {right_name}");
                    let mut problem = Problem::new(spans[1], message).label(format!("this is {right_name}"));
                    if let Some(missing) = missing_factor(b.kind, left) {
                        problem = problem.help(format!(
                            "`{}` is {left_name}; the other side lacks a factor of dimension {missing}",
                            spans[0].text()
                        ));
                    }
                    self.problems.push(problem);
                    None
                }
            },
            (Type::Zero, kind) => Some((a.node, b.node, kind)),
            (kind, _) => Some((a.node, b.node, kind)),
        }
    }

    fn binary(
        &mut self,
        operator: Binary,
        left: &Expr,
        right: &Expr,
        whole: &Expression,
        arguments: &HashMap<String, Typed>,
    ) -> Option<Typed> {
        if matches!(operator, Binary::And | Binary::Or) {
            // Both sides are looked at, so that the mistakes of both are reported.
            let (a, b) = (self.condition(left, whole, arguments), self.condition(right, whole, arguments));
            let (a, b) = (a?, b?);
            let node = if operator == Binary::And { self.graph.and(a, b) } else { self.graph.or(a, b) };
            return Some(Typed { node, kind: Type::Truth });
        }
        let (a, b) = (self.expr(left, whole, arguments), self.expr(right, whole, arguments));
        let (a, b) = (a?, b?);
        let (left_span, right_span) = (whole.span(left), whole.span(right));
        let what = format!("`{}`", operator.symbol());
        match operator {
            Binary::Add | Binary::Subtract => {
                let (x, y, kind) = self.alike(a, b, [&left_span, &right_span], &what)?;
                let node =
                    if operator == Binary::Add { self.graph.add(x, y) } else { self.graph.subtract(x, y) };
                Some(Typed { node, kind })
            }
            Binary::Multiply | Binary::Divide => {
                self.require_number(a, &left_span)?;
                self.require_number(b, &right_span)?;
                let multiply = operator == Binary::Multiply;
                let node = if multiply {
                    self.graph.multiply(a.node, b.node)
                } else {
                    self.graph.divide(a.node, b.node)
                };
                let kind = match (a.kind, b.kind) {
                    (Type::Number(a), Type::Number(b)) => {
                        Type::Number(if multiply { a.times(b) } else { a.per(b) })
                    }
                    _ if !multiply && b.kind == Type::Zero => {
                        self.problems.push(Problem::new(&right_span, "division by zero"));
                        return None;
                    }
                    _ => Type::Zero,
                };
                Some(Typed { node, kind })
            }
            Binary::Power => self.power(a, b, &left_span, &right_span),
            _ => {
                let (x, y, _) = self.alike(a, b, [&left_span, &right_span], &what)?;
                let g = &mut self.graph;
                let node = match operator {
                    Binary::Less => g.compare(Compare::Less, x, y),
                    Binary::LessEqual => g.compare(Compare::LessEqual, x, y),
                    Binary::Greater => g.compare(Compare::Less, y, x),
                    Binary::GreaterEqual => g.compare(Compare::LessEqual, y, x),
                    Binary::Equal => g.compare(Compare::Equal, x, y),
                    _ => {
                        let equal = g.compare(Compare::Equal, x, y);
                        g.not(equal)
                    }
                };
                Some(Typed { node, kind: Type::Truth })
            }
        }
    }

    fn power(
        &mut self,
        base: Typed,
        exponent: Typed,
        base_span: &Span,
        exponent_span: &Span,
    ) -> Option<Typed> {
        self.require_number(base, base_span)?;
        let exponent = self.convert(exponent, Unit::ONE, exponent_span, "an exponent")?;
        let constant = self.graph.value(exponent);
        match (base.kind, constant) {
            // A unit has the powers for which a unit exists; a pure number has them all.
            (Type::Number(unit), Some(value)) if !unit.dimension.is_none() => match unit.power(value) {
                Some(unit) => Some(Typed::number(self.graph.power(base.node, exponent), unit)),
                None => {
                    let name = self.unit_name(unit);
                    self.problems.push(Problem::new(exponent_span, format!("{name} has no power {value}")));
                    None
                }
            },
            _ => {
                let node = self.convert(base, Unit::ONE, base_span, "the base of a power that varies")?;
                Some(Typed::number(self.graph.power(node, exponent), Unit::ONE))
            }
        }
    }
}

/// The dimension of what a number would have to be multiplied by to be in `wanted`.
fn missing_factor(have: Type, wanted: Unit) -> Option<String> {
    match have {
        Type::Number(have) => Some(wanted.per(have).dimension.to_string()),
        _ => None,
    }
}
