//! The equations as JavaScript: what the interactive pages of the docs compute with.

use std::fmt::Write as _;

use brainmass_spec::graph::{Compare, Graph, NodeId, Op, Symbol, Unary};
use brainmass_spec::kernel::Kernel;
use brainmass_spec::table::{LookUp, Table};

/// The functions that emitted equations call besides those of `Math`. It comes before them.
pub const RUNTIME: &str = include_str!("runtime.js");

/// An object with the functions of a kernel, each of states, parameters and inputs (delayed values behind the ports): `rates` per ms,
/// `jacobian` with a row a rate, `observables`.
///
/// ```
/// use brainmass_codegen::javascript;
/// use brainmass_spec::{compile_one, kernel::Kernel};
///
/// let text = "
/// name: T
/// category: phenomenological
/// states: {x: {init: 1}}
/// parameters: {tau: {default: 10 ms}}
/// derivatives: {x: -x/tau}
/// ";
/// let kernel = Kernel::new(&compile_one("t.yaml", text)?);
/// assert!(javascript::object(&kernel).contains("return [-(x[0] * (1.0 / p[0]))];"));
/// # Ok::<(), brainmass_spec::Report>(())
/// ```
pub fn object(kernel: &Kernel) -> String {
    object_with(kernel, Numbers::Exact)
}

/// The object that [`object`] gives, with the numbers of tables to seven digits: half as long, and the same to the eye.
pub fn short_object(kernel: &Kernel) -> String {
    object_with(kernel, Numbers::Short)
}

/// The form of the numbers of tables.
#[derive(Debug, Clone, Copy)]
enum Numbers {
    /// 64 bits.
    Exact,
    /// 32 bits.
    Short,
}

fn object_with(kernel: &Kernel, numbers: Numbers) -> String {
    let graph = &kernel.graph;
    let list = |nodes: &[NodeId], body: &Body| {
        nodes.iter().map(|node| body.top(*node)).collect::<Vec<_>>().join(", ")
    };
    let rates = function(graph, "rates", &kernel.rhs, |body| format!("[{}]", list(&kernel.rhs, body)));
    let entries: Vec<NodeId> = kernel.jacobian.concat();
    let jacobian = function(graph, "jacobian", &entries, |body| {
        let rows = kernel.jacobian.iter().map(|row| format!("[{}]", list(row, body)));
        format!("[{}]", rows.collect::<Vec<_>>().join(", "))
    });
    let observables = function(graph, "observables", &kernel.observables, |body| {
        format!("[{}]", list(&kernel.observables, body))
    });
    let object = format!("{{\n{rates}{jacobian}{observables}}}");
    if graph.tables().is_empty() {
        return object;
    }
    let tables: Vec<String> = graph.tables().iter().map(|own| table(own, numbers)).collect();
    format!("((tables) => ({object}))([\n{}\n])", tables.join(",\n"))
}

/// A table with its axes; the numbers are their bytes as text in base 64.
fn table(table: &Table, numbers: Numbers) -> String {
    let axis =
        |axis: &brainmass_spec::table::Axis| format!("[{:?}, {:?}, {}]", axis.first, axis.last, axis.points);
    let axes: Vec<String> = table.axes.iter().map(axis).collect();
    let (kind, bytes) = match numbers {
        Numbers::Exact => ("Float64Array", table.bytes().to_vec()),
        Numbers::Short => {
            let short = |place: usize| (table.number(place) as f32).to_le_bytes();
            ("Float32Array", (0..table.len()).flat_map(short).collect())
        }
    };
    format!("  table([{}], {kind}, \"{}\")", axes.join(", "), base64(&bytes))
}

/// Bytes as text in base 64 (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for block in bytes.chunks(3) {
        let word =
            block.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - block.len()));
        let digit = |place: usize| char::from(DIGITS[(word >> (18 - 6 * place) & 63) as usize]);
        text.extend((0..=block.len()).map(digit));
        text.extend(std::iter::repeat_n('=', 3 - block.len()));
    }
    text
}

/// A method that computes what `roots` need, shared subexpressions once.
fn function(graph: &Graph, name: &str, roots: &[NodeId], result: impl Fn(&Body) -> String) -> String {
    let body = Body::new(graph, roots);
    let mut text = format!("  {name}(x, p, u) {{\n");
    for id in graph.ids().filter(|id| body.named[id.index()]) {
        let _ = writeln!(text, "    const {} = {};", body.variable(id), body.write(id).0);
    }
    let _ = writeln!(text, "    return {};\n  }},", result(&body));
    text
}

/// Deepest expression that is written without a variable inside.
const MAX_INLINE: usize = 60;

/// Strengths of binding of an expression, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Choice,
    Logic,
    Comparison,
    Sum,
    Product,
    Sign,
    Atom,
}

struct Body<'a> {
    graph: &'a Graph,
    /// Marks of the nodes that have a variable of their own.
    named: Vec<bool>,
}

impl<'a> Body<'a> {
    fn new(graph: &'a Graph, roots: &[NodeId]) -> Self {
        let needed = graph.reachable(roots);
        let mut uses = vec![0_usize; graph.len()];
        roots.iter().for_each(|root| uses[root.index()] += 1);
        for id in graph.ids().filter(|id| needed[id.index()]) {
            graph.op(id).operands().for_each(|operand| uses[operand.index()] += 1);
        }
        let leaf = |id: NodeId| matches!(graph.op(id), Op::Constant(_) | Op::Symbol(_));
        let mut named = vec![false; graph.len()];
        // Levels above the nearest named values: what is very deep is cut, so that the writer may recurse.
        let mut levels = vec![0; graph.len()];
        for id in graph.ids().filter(|id| needed[id.index()]) {
            let below = graph.op(id).operands().map(|operand| levels[operand.index()]).max().unwrap_or(0);
            let is_named = !leaf(id) && (uses[id.index()] > 1 || below >= MAX_INLINE);
            named[id.index()] = is_named;
            levels[id.index()] = if is_named { 0 } else { below + 1 };
        }
        Self { graph, named }
    }

    fn variable(&self, id: NodeId) -> String {
        format!("{}_{}", self.graph.name_of(id).unwrap_or("t"), id.index())
    }

    /// A node as an expression that stands alone.
    fn top(&self, id: NodeId) -> String {
        self.operand(id, Binding::Choice)
    }

    fn operand(&self, id: NodeId, least: Binding) -> String {
        if self.named[id.index()] {
            return self.variable(id);
        }
        let (text, binding) = self.write(id);
        if binding < least { format!("({text})") } else { text }
    }

    fn write(&self, id: NodeId) -> (String, Binding) {
        use Binding::{Atom, Choice, Comparison, Logic, Product, Sign, Sum};
        // Operands that are written in parentheses unless they bind tighter keep the order of evaluation of the graph.
        let infix = |a: NodeId, sign: &str, b: NodeId, binding: Binding, right: Binding| {
            (format!("{} {sign} {}", self.operand(a, binding), self.operand(b, right)), binding)
        };
        let call = |name: &str, arguments: &[NodeId]| {
            let list: Vec<String> = arguments.iter().map(|argument| self.top(*argument)).collect();
            (format!("{name}({})", list.join(", ")), Atom)
        };
        match self.graph.op(id) {
            Op::Constant(bits) => constant(f64::from_bits(bits)),
            Op::Symbol(symbol) => (given(symbol), Atom),
            Op::Add(a, b) => infix(a, "+", b, Sum, Product),
            Op::Subtract(a, b) => infix(a, "-", b, Sum, Product),
            Op::Multiply(a, b) => infix(a, "*", b, Product, Sign),
            Op::Divide(a, b) => infix(a, "/", b, Product, Sign),
            Op::Negate(a) => (format!("-{}", self.operand(a, Atom)), Sign),
            Op::PowerInteger(a, exponent) => (format!("Math.pow({}, {exponent})", self.top(a)), Atom),
            Op::Power(a, b) => call("Math.pow", &[a, b]),
            Op::Atan2(a, b) => call("Math.atan2", &[a, b]),
            Op::Table(LookUp { table, orders }, a, b) => {
                let at = [Some(a), b].into_iter().flatten();
                let orders: Vec<String> =
                    at.clone().zip(orders).map(|(_, order)| order.to_string()).collect();
                let at: Vec<String> = at.map(|at| self.top(at)).collect();
                (format!("lookUp(tables[{table}], [{}], [{}])", at.join(", "), orders.join(", ")), Atom)
            }
            Op::Unary(Unary::Exprel(order), a) => (format!("exprel({}, {order})", self.top(a)), Atom),
            Op::Unary(function, a) => call(name_of(function), &[a]),
            Op::Min(a, b) => call("Math.min", &[a, b]),
            Op::Max(a, b) => call("Math.max", &[a, b]),
            Op::Compare(Compare::Less, a, b) => infix(a, "<", b, Comparison, Sum),
            Op::Compare(Compare::LessEqual, a, b) => infix(a, "<=", b, Comparison, Sum),
            Op::Compare(Compare::Equal, a, b) => infix(a, "===", b, Comparison, Sum),
            Op::And(a, b) => {
                (format!("({} && {})", self.operand(a, Comparison), self.operand(b, Comparison)), Logic)
            }
            Op::Or(a, b) => {
                (format!("({} || {})", self.operand(a, Comparison), self.operand(b, Comparison)), Logic)
            }
            Op::Not(a) => (format!("!{}", self.operand(a, Atom)), Sign),
            Op::Select(condition, yes, no) => (
                format!(
                    "{} ? {} : {}",
                    self.operand(condition, Logic),
                    self.operand(yes, Logic),
                    self.operand(no, Logic)
                ),
                Choice,
            ),
            Op::Held(a) => self.write_held(a),
        }
    }

    fn write_held(&self, inner: NodeId) -> (String, Binding) {
        if self.named[inner.index()] { (self.variable(inner), Binding::Atom) } else { self.write(inner) }
    }
}

fn constant(value: f64) -> (String, Binding) {
    let text = match value {
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        _ => format!("{value:?}"),
    };
    (text, if value < 0.0 { Binding::Sign } else { Binding::Atom })
}

fn given(symbol: Symbol) -> String {
    match symbol {
        Symbol::State(i) => format!("x[{i}]"),
        Symbol::Parameter(i) => format!("p[{i}]"),
        Symbol::Input(i) => format!("u[{i}]"),
        Symbol::Source(_) | Symbol::Sum | Symbol::Count | Symbol::Adjoint(_) | Symbol::DiagonalAdjoint(_) => {
            unreachable!("rates, Jacobians and observables are functions of states, parameters and inputs")
        }
    }
}

fn name_of(function: Unary) -> &'static str {
    match function {
        Unary::Exp => "Math.exp",
        Unary::Expm1 => "Math.expm1",
        Unary::Ln => "Math.log",
        Unary::Ln1p => "Math.log1p",
        Unary::Sqrt => "Math.sqrt",
        Unary::Sin => "Math.sin",
        Unary::Cos => "Math.cos",
        Unary::Tanh => "Math.tanh",
        Unary::Erf => "erf",
        Unary::Erfc => "erfc",
        Unary::Erfcx => "erfcx",
        Unary::Siegert => "siegert",
        Unary::Asin => "Math.asin",
        Unary::Acos => "Math.acos",
        Unary::Atan => "Math.atan",
        Unary::Cbrt => "Math.cbrt",
        Unary::Log10 => "Math.log10",
        Unary::Sigmoid => "sigmoid",
        Unary::Exprel(_) => "exprel",
        Unary::Abs => "Math.abs",
        Unary::Sign => "Math.sign",
        Unary::Floor => "Math.floor",
    }
}
