//! Expressions of vectors, written out as one expression for each component.
//!
//! Arithmetic and functions act entry by entry, and a number acts on every entry; `dot(a, b)` and `sum(a)` make a number of vectors. The component of
//! `x` with index 2 is called `x_2`. Everything after this pass knows numbers alone.

use std::collections::HashMap;
use std::ops::Range;

use crate::expr::{Binary, Expr, ExprKind, Expression, MAX_HEIGHT};
use crate::problem::Problem;

/// Most entries that a vector may have.
pub const MAX_SIZE: usize = 32;

/// Most parts of the expressions that one expression becomes.
const MAX_PARTS: usize = 20_000;

/// The sizes of the names of a file that stand for vectors.
pub type Sizes = HashMap<String, usize>;

/// Returns the name of a component; indices count from 1.
pub fn component(name: &str, index: usize) -> String {
    format!("{name}_{}", index + 1)
}

/// Returns the LaTeX of a component from that of the vector.
pub fn indexed(symbol: &str, index: usize) -> String {
    // A symbol that has an index or an exponent of its own is kept together.
    let is_plain = !symbol.contains(['_', '^']);
    if is_plain { format!("{symbol}_{{{}}}", index + 1) } else { format!("{{{symbol}}}_{{{}}}", index + 1) }
}

/// Writes an expression out: a list with an expression for each component, or a single expression where it is a number.
///
/// # Errors
///
/// Vectors of different sizes meet, or something that needs a vector has a number.
pub fn components(expression: &Expression, sizes: &Sizes) -> Result<Value, Problem> {
    let value = Expander { whole: expression, sizes }.expr(&expression.root)?;
    if let Some(high) = value.entries().find(|entry| entry.height > MAX_HEIGHT) {
        return Err(too_large(expression, high));
    }
    Ok(value)
}

/// An expression, written out.
#[derive(Debug, Clone)]
pub enum Value {
    /// The expression of a number.
    Number(Expr),
    /// The expressions of the components of a vector.
    Vector(Vec<Expr>),
}

impl Value {
    /// The number of components; `None` for a number.
    pub fn size(&self) -> Option<usize> {
        match self {
            Self::Number(_) => None,
            Self::Vector(entries) => Some(entries.len()),
        }
    }

    /// The expression of a component; a number is the same for all.
    pub fn entry(&self, index: usize) -> &Expr {
        match self {
            Self::Number(number) => number,
            Self::Vector(entries) => &entries[index],
        }
    }

    fn entries(&self) -> impl Iterator<Item = &Expr> {
        match self {
            Self::Number(number) => std::slice::from_ref(number).iter(),
            Self::Vector(entries) => entries.iter(),
        }
    }

    fn parts(&self) -> usize {
        self.entries().map(parts).sum()
    }
}

struct Expander<'a> {
    whole: &'a Expression,
    sizes: &'a Sizes,
}

impl Expander<'_> {
    fn expr(&self, expr: &Expr) -> Result<Value, Problem> {
        Ok(match &expr.kind {
            ExprKind::Number { .. } => Value::Number(expr.clone()),
            ExprKind::Name(name) => match self.sizes.get(name) {
                None => Value::Number(expr.clone()),
                Some(&size) => Value::Vector(
                    (0..size)
                        .map(|index| node(ExprKind::Name(component(name, index)), &expr.range, &[]))
                        .collect(),
                ),
            },
            ExprKind::Negate(inner) => {
                self.each(expr, &[self.expr(inner)?], |parts| ExprKind::Negate(Box::new(parts[0].clone())))?
            }
            ExprKind::Not(inner) => {
                self.each(expr, &[self.expr(inner)?], |parts| ExprKind::Not(Box::new(parts[0].clone())))?
            }
            ExprKind::Binary(operator, left, right) => {
                self.each(expr, &[self.expr(left)?, self.expr(right)?], |parts| binary(*operator, parts))?
            }
            ExprKind::Call { name, arguments, .. } if name == "dot" && arguments.len() == 2 => {
                let (left, right) = (self.expr(&arguments[0])?, self.expr(&arguments[1])?);
                for (argument, value) in arguments.iter().zip([&left, &right]) {
                    self.need_vector("dot", argument, value)?;
                }
                let products = self.each(expr, &[left, right], |parts| binary(Binary::Multiply, parts))?;
                Value::Number(total(products, &expr.range))
            }
            ExprKind::Call { name, arguments, .. } if name == "sum" && arguments.len() == 1 => {
                let value = self.expr(&arguments[0])?;
                self.need_vector("sum", &arguments[0], &value)?;
                Value::Number(total(value, &expr.range))
            }
            ExprKind::Call { name, name_range, arguments } => {
                let values: Vec<Value> =
                    arguments.iter().map(|argument| self.expr(argument)).collect::<Result<_, _>>()?;
                if let ("diff", Some(by)) = (name.as_str(), values.get(1))
                    && by.size().is_some()
                {
                    let message = "`diff` takes the derivative by a number, this is a vector";
                    let problem = Problem::new(&self.whole.span(&arguments[1]), message);
                    return Err(problem.help("name one of its components, such as `x_1`"));
                }
                self.each(expr, &values, |parts| ExprKind::Call {
                    name: name.clone(),
                    name_range: name_range.clone(),
                    arguments: parts.iter().map(|part| (*part).clone()).collect(),
                })?
            }
        })
    }

    /// Makes an expression for each component of the values that it is made of.
    fn each(
        &self,
        expr: &Expr,
        values: &[Value],
        make: impl Fn(&[&Expr]) -> ExprKind,
    ) -> Result<Value, Problem> {
        let mut sizes = values.iter().filter_map(Value::size);
        let Some(size) = sizes.next() else {
            let parts: Vec<&Expr> = values.iter().map(|value| value.entry(0)).collect();
            return Ok(Value::Number(node(make(&parts), &expr.range, &parts)));
        };
        if let Some(other) = sizes.find(|other| *other != size) {
            let message = format!("vectors of {size} and of {other} components meet");
            let problem = Problem::new(&self.whole.span(expr), message);
            return Err(problem
                .help("arithmetic goes entry by entry; `dot(a, b)` and `sum(a)` make a number of vectors"));
        }
        let repeated =
            |value: &Value| if value.size().is_some() { value.parts() } else { size * value.parts() };
        if values.iter().map(repeated).sum::<usize>() > MAX_PARTS {
            return Err(too_large(self.whole, expr));
        }
        let entries = (0..size).map(|index| {
            let parts: Vec<&Expr> = values.iter().map(|value| value.entry(index)).collect();
            node(make(&parts), &expr.range, &parts)
        });
        Ok(Value::Vector(entries.collect()))
    }

    fn need_vector(&self, function: &str, argument: &Expr, value: &Value) -> Result<(), Problem> {
        if value.size().is_some() {
            return Ok(());
        }
        let message = format!("`{function}` takes a vector, and this is a number");
        let problem = Problem::new(&self.whole.span(argument), message);
        Err(problem.help("states, parameters and inputs with a `size` are vectors, and what is computed of them entry by entry"))
    }
}

fn too_large(whole: &Expression, expr: &Expr) -> Problem {
    let message = format!(
        "the expression is too large once it is written out: it has more than {MAX_PARTS} parts, or {MAX_HEIGHT} levels"
    );
    Problem::new(&whole.span(expr), message).help("name parts of it under `let`")
}

fn binary(operator: Binary, parts: &[&Expr]) -> ExprKind {
    ExprKind::Binary(operator, Box::new(parts[0].clone()), Box::new(parts[1].clone()))
}

/// The sum of all components.
fn total(value: Value, range: &Range<usize>) -> Expr {
    let entries = match value {
        Value::Number(number) => return number,
        Value::Vector(entries) => entries,
    };
    let add = |sum: Expr, entry: Expr| {
        let parts = [&sum, &entry];
        node(binary(Binary::Add, &parts), range, &parts)
    };
    // A vector has at least one component.
    entries.into_iter().reduce(add).unwrap_or_else(|| {
        node(ExprKind::Number { text: "0".to_owned(), value: 0.0, unit: None }, range, &[])
    })
}

fn node(kind: ExprKind, range: &Range<usize>, parts: &[&Expr]) -> Expr {
    let height = 1 + parts.iter().map(|part| part.height).max().unwrap_or(0);
    Expr { kind, range: range.clone(), height }
}

/// The number of nodes of a tree.
fn parts(expr: &Expr) -> usize {
    1 + match &expr.kind {
        ExprKind::Number { .. } | ExprKind::Name(_) => 0,
        ExprKind::Negate(inner) | ExprKind::Not(inner) => parts(inner),
        ExprKind::Binary(_, left, right) => parts(left) + parts(right),
        ExprKind::Call { arguments, .. } => arguments.iter().map(parts).sum(),
    }
}
