//! Equations as LaTeX, in the author's form and with the file's symbols.

use crate::model::Model;
use crate::symbols::Symbols;

/// One line of a model's equations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// Name of the state, let, function or observable that the line defines.
    pub name: String,
    /// Kind of the line.
    pub role: Role,
    /// Equation in LaTeX: `\frac{dx}{dt} = ...`.
    pub latex: String,
    /// Equation as written in the file: `dx/dt = ...`.
    pub text: String,
}

/// The kinds of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The rate of change of a state.
    Derivative,
    /// An intermediate value.
    Let,
    /// A function.
    Function,
    /// A value that can be recorded besides the states.
    Observable,
    /// The term of a connection, or what is made of their sum.
    Coupling,
}

/// All equations of a model: derivatives first, then what they use, then observables.
pub fn equations(model: &Model) -> Vec<Equation> {
    let symbols = Symbols::new(model);
    let mut lines = Vec::new();
    for derivative in &model.derivatives {
        let state = &model.states[derivative.state];
        let name = &state.name;
        let noise = |of: &str| format!(" + \\sigma_{{{of}}} \\, \\dot{{W}}_{{{of}}}");
        lines.push(Equation {
            name: name.clone(),
            role: Role::Derivative,
            latex: format!(
                "\\frac{{d{}}}{{dt}} = {}{}",
                symbols.of(name),
                symbols.expression(&derivative.is.root),
                state.noise.map_or_else(String::new, |_| noise(&symbols.of(name))),
            ),
            text: format!("d{name}/dt = {}", derivative.is.text()),
        });
    }
    if let Some(coupling) = &model.coupling {
        let input = coupling.input.map_or("c_i".to_owned(), |input| symbols.of(&model.inputs[input].name));
        let inputs = coupling.input.map_or("c_i", |input| &model.inputs[input].name);
        let mut inner = symbols.clone();
        inner.set("w_ij", "w_{ij}".to_owned());
        let weight = coupling.weight.as_ref();
        let (weight, weight_text) = match weight {
            Some(weight) => (inner.operand(&weight.is.root, 12), format!("({})", weight.is.text())),
            None => ("w_{ij}".to_owned(), "w_ij".to_owned()),
        };
        let sum = format!("\\sum_j {weight} \\, {}", symbols.operand(&coupling.pre.root, 12));
        inner.set("sum", sum);
        lines.push(Equation {
            name: inputs.to_owned(),
            role: Role::Coupling,
            latex: format!("{input} = {}", inner.expression(&coupling.post.root)),
            text: format!(
                "{inputs} = {}, sum = sum_j {weight_text}*({})",
                coupling.post.text(),
                coupling.pre.text()
            ),
        });
    }
    lines.extend(layer_line(model, &symbols));
    for value in &model.lets {
        lines.push(Equation {
            name: value.name.clone(),
            role: Role::Let,
            latex: format!("{} = {}", symbols.of(&value.name), symbols.expression(&value.is.root)),
            text: format!("{} = {}", value.name, value.is.text()),
        });
    }
    for function in &model.functions {
        let arguments: Vec<String> = function.arguments.iter().map(|name| symbols.of(name)).collect();
        lines.push(Equation {
            name: function.name.clone(),
            role: Role::Function,
            latex: format!(
                "{}({}) = {}",
                symbols.of(&function.name),
                arguments.join(", "),
                symbols.expression(&function.is.root)
            ),
            text: format!("{}({}) = {}", function.name, function.arguments.join(", "), function.is.text()),
        });
    }
    for value in &model.observables {
        lines.push(Equation {
            name: value.name.clone(),
            role: Role::Observable,
            latex: format!("{} = {}", symbols.of(&value.name), symbols.expression(&value.is.root)),
            text: format!("{} = {}", value.name, value.is.text()),
        });
    }
    lines
}

/// Writes the drive of a layer's cells, or the output of a stack.
fn layer_line(model: &Model, symbols: &Symbols) -> Option<Equation> {
    let layer = model.layer.as_ref()?;
    let weights = |name: &str, index: &str| format!("{name}_{{\\mathrm{{{index}}}}}");
    let (name, latex, text) = match (&layer.input, &layer.recurrent, &layer.readout) {
        (Some(input), Some(from), _) => {
            let gain = crate::latex_graph::gain(model).map_or(String::new(), |gain| format!("{gain} \\, "));
            let read = format!("u \\, {} + {}", weights("W", "in"), weights("b", "in"));
            let back = format!("{} \\, {} + {}", symbols.of(from), weights("W", "rec"), weights("b", "rec"));
            (
                input.clone(),
                format!("{} = {read} + {gain}\\left({back}\\right)", symbols.of(input)),
                format!("{input} = u W_in + b_in + gain ({from} W_rec + b_rec), u = a row of the sequence"),
            )
        }
        (_, _, Some(state)) => (
            "output".to_owned(),
            format!(
                "\\mathrm{{output}} = {} \\, {} + {}",
                symbols.of(state),
                weights("W", "out"),
                weights("b", "out")
            ),
            format!(
                "output = {state} W_out + b_out, {state} = that of the last layer at the end of the sequence"
            ),
        ),
        _ => return None,
    };
    Some(Equation { name, role: Role::Coupling, latex, text })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile_one;

    fn model() -> Model {
        let text = "
name: T
category: network
states: {x: {init: 1 mV}, y1: {init: 0}}
parameters: {tau_E: {default: 10 ms}, wEE: {default: 2, symbol: W}, beta: {default: 3 mV}}
functions: {S(v): 1/(1 + exp(-v))}
let: {r: x^2/beta^2 - -wEE}
derivatives:
  x: where(r > 0, beta*(r + 1)^2, 0)/tau_E
  y1: -y1/tau_E*S(x/beta)*1e-3
";
        compile_one("t.yaml", text).unwrap_or_else(|report| panic!("{report}"))
    }

    #[test]
    fn equations_read_like_the_paper() {
        let lines: Vec<String> = equations(&model()).into_iter().map(|line| line.latex).collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn the_text_form_is_the_file_s() {
        let lines: Vec<String> = equations(&model()).into_iter().map(|line| line.text).collect();
        assert_eq!(lines[0], "dx/dt = where(r > 0, beta*(r + 1)^2, 0)/tau_E");
        assert_eq!(lines[2], "r = x^2/beta^2 - -wEE");
    }
}
