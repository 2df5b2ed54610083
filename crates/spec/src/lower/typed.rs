//! Expressions into the graph, with their units checked and conversion factors put in.

use std::collections::{HashMap, HashSet};

use crate::document::{FunctionEntry, Named};
use crate::expr::{Binary, Expr, ExprKind, Expression};
use crate::functions::{self, Builtin};
use crate::graph::{Compare, Graph, NodeId, Symbol, Unary};
use crate::model::DelayedState;
use crate::problem::{Problem, Problems, suggestion};
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

/// A function call already expanded: the function, and for each argument its node and its unit in a comparable form.
type CallKey = (usize, Vec<(NodeId, String)>);

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
    pub delays: Vec<DelayedState>,
    /// Mistakes found so far.
    pub problems: &'a mut Problems,
    /// The number of input ports, behind which delayed states are read.
    pub ports: usize,
    /// Units with the names that the file uses for them, for messages.
    pub unit_names: Vec<(Unit, String)>,
    functions: &'a [Named<FunctionEntry>],
    /// Result of each call; `None` where something is wrong with it, which has been told.
    calls: HashMap<CallKey, Option<Typed>>,
    call_depth: usize,
    /// Levels of all expressions that are being written out.
    levels: usize,
    /// Whether a limit was passed. Nothing more is written out then, since the limit holds for the sum of all branches.
    exhausted: bool,
}

impl<'a> Lowering<'a> {
    pub fn new(functions: &'a [Named<FunctionEntry>], problems: &'a mut Problems) -> Self {
        Self {
            graph: Graph::default(),
            names: HashMap::new(),
            broken: HashSet::new(),
            incomplete: false,
            delays: Vec::new(),
            problems,
            ports: 0,
            unit_names: Vec::new(),
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

    fn scale(&mut self, node: NodeId, factor: f64) -> NodeId {
        let factor = self.graph.constant(factor);
        self.graph.multiply(factor, node)
    }

    fn expr(&mut self, e: &Expr, whole: &Expression, arguments: &HashMap<String, Typed>) -> Option<Typed> {
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
        if self.broken.contains(name) || self.incomplete {
            return None;
        }
        let span = whole.span(e);
        let is_function =
            functions::find(name).is_some() || self.functions.iter().any(|f| f.name.value == name);
        if is_function {
            self.problems
                .push(Problem::new(&span, format!("`{name}` is a function")).label("give it its arguments"));
            return None;
        }
        let mut known: Vec<&str> = arguments.keys().chain(self.names.keys()).map(String::as_str).collect();
        known.sort_unstable();
        let label = suggestion(name, "names here", known);
        self.problems.push(Problem::new(&span, format!("unknown name `{name}`")).label(label));
        None
    }

    fn require_number(&mut self, typed: Typed, span: &Span) -> Option<()> {
        if typed.kind == Type::Truth {
            self.problems.push(Problem::new(span, "expected a number, found a condition"));
            return None;
        }
        Some(())
    }

    fn condition(
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
    fn alike(&mut self, a: Typed, b: Typed, spans: [&Span; 2], what: &str) -> Option<(NodeId, NodeId, Type)> {
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

    fn call(
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
        let wanted: Vec<&str> = match (own, functions::find(name)) {
            (Some(index), _) => self.functions[index].value.arguments.iter().map(String::as_str).collect(),
            (None, Some((wanted, _))) => wanted.to_vec(),
            (None, None) => {
                if self.incomplete {
                    return None;
                }
                let mut known: Vec<&str> = functions::names().collect();
                known.extend(self.functions.iter().map(|function| function.name.value.as_str()));
                let label = suggestion(name, "functions", known);
                self.problems
                    .push(Problem::new(name_span, format!("unknown function `{name}`")).label(label));
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
        let builtin = functions::find(name)?.1;
        if builtin == Builtin::Delay {
            return self.delay(given, whole, arguments);
        }
        self.builtin(builtin, name, given, whole, arguments)
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

    fn delay(
        &mut self,
        given: &[Expr],
        whole: &Expression,
        arguments: &HashMap<String, Typed>,
    ) -> Option<Typed> {
        let [what, duration] = given else { return None };
        let (state, long) = (self.expr(what, whole, arguments)?, self.expr(duration, whole, arguments)?);
        let symbol = |graph: &Graph, node| match graph.op(node) {
            crate::graph::Op::Symbol(symbol) => Some(symbol),
            _ => None,
        };
        let Some(Symbol::State(index)) = symbol(&self.graph, state.node) else {
            self.problems
                .push(Problem::new(&whole.span(what), "only a state can be delayed").label("not a state"));
            return None;
        };
        let Some(Symbol::Parameter(parameter)) = symbol(&self.graph, long.node) else {
            let problem =
                Problem::new(&whole.span(duration), "a delay is a parameter").label("not a parameter");
            self.problems.push(problem.help("declare it under `parameters`, in ms"));
            return None;
        };
        self.convert(long, Unit::MS, &whole.span(duration), "a delay")?;
        let read = DelayedState { state: usize::from(index), duration: usize::from(parameter) };
        let place = self.delays.iter().position(|have| *have == read).unwrap_or_else(|| {
            self.delays.push(read);
            self.delays.len() - 1
        });
        let node = self.graph.symbol(Symbol::Input((self.ports + place) as u16));
        Some(Typed { node, ..state })
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
            Builtin::Sqrt => {
                self.require_number(first, &spans[0])?;
                let kind = match first.kind {
                    Type::Number(unit) => match unit.power(0.5) {
                        Some(root) => Type::Number(root),
                        None => {
                            let name = self.unit_name(unit);
                            self.problems.push(Problem::new(&spans[0], format!("{name} has no square root")));
                            return None;
                        }
                    },
                    other => other,
                };
                Some(Typed { node: self.graph.unary(Unary::Sqrt, first.node), kind })
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
            Builtin::Where | Builtin::Delay => None,
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

/// The dimension of what a number would have to be multiplied by to be in `wanted`.
fn missing_factor(have: Type, wanted: Unit) -> Option<String> {
    match have {
        Type::Number(have) => Some(wanted.per(have).dimension.to_string()),
        _ => None,
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
