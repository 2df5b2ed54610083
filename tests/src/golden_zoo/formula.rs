//! Formulas of the table of names, evaluated at the numbers of a case.

use brainmass_spec::expr::{Binary, Expr, ExprKind, Expression};
use brainmass_spec::yaml::Node;

/// A formula in the names that a file of reference numbers gives, such as `1000*nu_max` or `I + cr*c0`.
#[derive(Debug, Clone)]
pub struct Formula(Expression);

impl Formula {
    /// Reads the formula that stands at a place of the table.
    ///
    /// # Errors
    ///
    /// The text is no expression.
    pub fn read(node: &Node) -> Result<Self, String> {
        Expression::parse(node).map(Self).map_err(|problem| problem.message)
    }

    /// Computes the value, given those of the names in it.
    ///
    /// # Errors
    ///
    /// A name is not known, or the formula has a function other than `exp`, `log`, `sqrt` and `abs`.
    pub fn value(&self, name: &dyn Fn(&str) -> Option<f64>) -> Result<f64, String> {
        evaluate(&self.0.root, name)
    }

    /// Returns whether a name stands in the formula.
    pub fn has(&self, name: &str) -> bool {
        let mut found = false;
        self.0.root.names(&mut |own, _| found |= own == name);
        found
    }
}

fn evaluate(expr: &Expr, name: &dyn Fn(&str) -> Option<f64>) -> Result<f64, String> {
    let at = |expr: &Expr| evaluate(expr, name);
    Ok(match &expr.kind {
        ExprKind::Number { value, .. } => *value,
        ExprKind::Name(own) if own == "pi" => std::f64::consts::PI,
        ExprKind::Name(own) => name(own).ok_or_else(|| format!("the case has no number `{own}`"))?,
        ExprKind::Negate(inner) => -at(inner)?,
        ExprKind::Binary(operator, left, right) => {
            let (left, right) = (at(left)?, at(right)?);
            match operator {
                Binary::Add => left + right,
                Binary::Subtract => left - right,
                Binary::Multiply => left * right,
                Binary::Divide => left / right,
                Binary::Power => left.powf(right),
                other => return Err(format!("a formula of the table has no `{}`", other.symbol())),
            }
        }
        ExprKind::Call { name: function, arguments, .. } => {
            let argument = at(arguments.first().ok_or_else(|| format!("`{function}` has no argument"))?)?;
            match function.as_str() {
                "exp" => argument.exp(),
                "log" => argument.ln(),
                "sqrt" => argument.sqrt(),
                "abs" => argument.abs(),
                other => return Err(format!("a formula of the table has no function `{other}`")),
            }
        }
        ExprKind::Not(_) => return Err("a formula of the table has no `not`".to_owned()),
    })
}
