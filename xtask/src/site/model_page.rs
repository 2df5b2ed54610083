//! The page of a model, as its template takes it.

use brainmass::info::{Role, Swept};
use brainmass_codegen::{example, javascript};
use brainmass_spec::graph::{Graph, NodeId, Op, Symbol, Unary};
use brainmass_spec::kernel::Kernel;
use brainmass_spec::latex::equations;
use brainmass_spec::latex_graph;
use brainmass_spec::model::{Model, TableAxis};
use brainmass_spec::symbols::Symbols;
use serde::Serialize;

use super::accuracy::{Accuracy, Told, scheme_text};
use super::figures::{Figures, Rest};
use super::html::{highlight, json};
use super::shown::{Shown, short};
use super::zoo::Item;
use brainmass_codegen::mathml::{Style, mathml};

/// A table with a heading.
#[derive(Debug, Serialize)]
pub struct Table {
    title: &'static str,
    head: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

/// A cell: text, or markup made here.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Cell {
    Text(String),
    Code(String),
    Math(String),
}

/// Equations under a heading.
#[derive(Debug, Serialize)]
struct Lines {
    title: &'static str,
    lines: Vec<String>,
}

/// Fixed points, as told.
#[derive(Debug, Serialize)]
struct RestTold {
    when: &'static str,
    window: String,
    points: Vec<PointTold>,
    everywhere: bool,
}

#[derive(Debug, Serialize)]
struct PointTold {
    states: Vec<String>,
    eigenvalues: Vec<String>,
    kind: String,
}

/// The cost of a step.
#[derive(Debug, Serialize)]
struct Cost {
    operations: usize,
    transcendental: usize,
    /// The function that these operations compute.
    of: &'static str,
    /// The measured time; `None` where it has not been measured.
    measured: Option<MeasuredCost>,
}

/// The time of a step on the machine of docs/costs.csv.
#[derive(Debug, Serialize)]
struct MeasuredCost {
    scheme: String,
    ns: String,
    class: &'static str,
    /// The step, ms.
    dt: String,
    /// The largest deviation from a fine reference, %.
    deviation: String,
}

/// The agreement of a model with the reference cases.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Agreement {
    /// Cases run, which agree.
    pub passed: usize,
    /// Cases that do not.
    pub failed: usize,
    /// The largest deviation, relative to the largest value.
    pub worst: f64,
}

/// The knowledge of a model besides its file.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The agreement with the reference cases.
    pub agreement: Option<Agreement>,
    /// The measured cost of a step.
    pub cost: Option<crate::bench::models::Cost>,
}

/// The whole page.
#[derive(Debug, Serialize)]
pub struct ModelPage {
    /// The struct's name.
    pub name: String,
    title: String,
    category: String,
    use_case: String,
    description: String,
    n_states: usize,
    extends: Option<String>,
    folder: String,
    equations: Vec<Lines>,
    tables: Vec<Table>,
    presets: bool,
    references: Vec<ReferenceTold>,
    differences: Vec<String>,
    run: Option<Shown>,
    spectrum: Option<Shown>,
    phase: Option<Shown>,
    sweep: Option<Shown>,
    diagram: Option<Shown>,
    rests: Vec<RestTold>,
    states: Vec<String>,
    delayed: bool,
    jacobian: Vec<String>,
    script: Option<String>,
    cost: Option<Cost>,
    /// The model that a layer or a stack is made of.
    cell: Option<String>,
    agreement: Option<Agreement>,
    pictures: Option<Told>,
    worst: String,
    rust: Option<String>,
    is_loaded: bool,
    /// The command that runs the model from its file; `None` for a model of the library.
    command: Option<String>,
    experiment: Option<String>,
    yaml: String,
    file: String,
    version: String,
}

impl ModelPage {
    /// Whether the model has states, which coupling rules have not.
    pub fn has_states(&self) -> bool {
        self.n_states > 0
    }
}

#[derive(Debug, Serialize)]
struct ReferenceTold {
    cite: String,
    address: Option<String>,
    shown: Option<String>,
    note: Option<String>,
}

/// Gathers a page.
///
/// # Errors
///
/// A formula that cannot be typeset.
pub fn page(item: &Item, figures: &Figures, known: Known) -> Result<ModelPage, String> {
    let Known { agreement, cost: measured } = known;
    let (model, info) = (&item.model, item.info());
    let named = |error: String| format!("{}: {error}", model.name);
    let is_node = !model.states.is_empty() && model.layer.is_none();
    let kernel = is_node.then(|| Kernel::new(model));
    let jacobian = match &kernel {
        Some(kernel) => latex_graph::jacobian(model, kernel)
            .iter()
            .map(|entry| mathml(&entry.latex, Style::Display))
            .collect::<Result<_, _>>()
            .map_err(named)?,
        None => Vec::new(),
    };
    let script = match &kernel {
        Some(kernel) if item.is_planar() && !figures.window.is_empty() => {
            Some(script(item, kernel, figures)?)
        }
        _ => None,
    };
    Ok(ModelPage {
        name: model.name.clone(),
        title: model.title.clone(),
        category: item.category().to_owned(),
        use_case: model.use_case.clone(),
        description: model.description.split_whitespace().collect::<Vec<_>>().join(" "),
        n_states: model.states.len(),
        extends: model.extends.clone(),
        folder: item.folder.clone(),
        equations: told_equations(model).map_err(named)?,
        tables: tables(model).map_err(named)?,
        presets: !model.presets.is_empty(),
        references: references(model),
        differences: model.differences.clone(),
        run: figures.run.clone(),
        spectrum: figures.spectrum.clone(),
        phase: figures.phase.clone(),
        sweep: figures.sweep.clone(),
        diagram: figures.diagram.clone(),
        rests: figures.rests.iter().map(|rest| told_rest(model, rest)).collect(),
        states: model.states.iter().map(|state| state.name.clone()).collect(),
        delayed: !model.delays.is_empty(),
        jacobian,
        script,
        cost: match (&kernel, &model.coupling) {
            (Some(kernel), _) => {
                let roots = kernel.rhs.iter().chain(&kernel.diagonal).copied().collect::<Vec<_>>();
                Some(cost(&kernel.graph, &roots, "the rates and their diagonal derivatives", measured))
            }
            (None, Some(rule)) if !is_node && model.states.is_empty() => {
                let roots = [rule.pre_node, rule.post_node];
                Some(cost(
                    &model.graph,
                    &roots,
                    "what a connection sends and what its target makes of the sum",
                    measured,
                ))
            }
            _ => None,
        },
        cell: model.layer.as_ref().map(|layer| layer.of.clone()),
        agreement,
        pictures: figures.accuracy.as_ref().map(Accuracy::told),
        worst: agreement.map(|agreement| format!("{:.0e}", agreement.worst)).unwrap_or_default(),
        rust: example::rust(model, &item.folder)
            .filter(|_| !item.is_loaded)
            .map(|text| highlight(text.trim(), "rust")),
        is_loaded: item.is_loaded,
        command: item.command().map(|text| highlight(&text, "sh")),
        experiment: item.experiment().map(|text| highlight(text.trim(), "yaml")),
        yaml: highlight(model.source.text.trim(), "yaml"),
        file: model.source.name.clone(),
        version: info.version.to_string(),
    })
}

fn told_equations(model: &Model) -> Result<Vec<Lines>, String> {
    let mut groups: Vec<Lines> = Vec::new();
    for line in equations(model) {
        let title = match line.role.into_info() {
            Role::Derivative => "",
            Role::Coupling => "Coupling",
            Role::Let | Role::Function => "where",
            Role::Observable => "Observables",
        };
        let math = mathml(&line.latex, Style::Display)?;
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.lines.push(math),
            None => groups.push(Lines { title, lines: vec![math] }),
        }
    }
    Ok(groups)
}

/// The compiler's roles as the catalogue's.
trait IntoInfo {
    fn into_info(self) -> Role;
}

impl IntoInfo for brainmass_spec::latex::Role {
    fn into_info(self) -> Role {
        match self {
            Self::Derivative => Role::Derivative,
            Self::Let => Role::Let,
            Self::Function => Role::Function,
            Self::Observable => Role::Observable,
            Self::Coupling => Role::Coupling,
        }
    }
}

fn tables(model: &Model) -> Result<Vec<Table>, String> {
    let symbols = Symbols::new(model);
    let symbol = |name: &str| mathml(&symbols.of(name), Style::Inline).map(Cell::Math);
    let text = |text: &str| Cell::Text(text.split_whitespace().collect::<Vec<_>>().join(" "));
    let unit = |unit: &str| Cell::Text(if unit == "1" { "–".to_owned() } else { unit.to_owned() });
    let limits = |limits: Option<(f64, f64)>| {
        let end = |value: f64| match value {
            f64::INFINITY => "∞".to_owned(),
            f64::NEG_INFINITY => "−∞".to_owned(),
            other => other.to_string().replace('-', "−"),
        };
        Cell::Text(
            limits.map_or(String::new(), |(low, high)| format!("{}\u{a0}…\u{a0}{}", end(low), end(high))),
        )
    };
    let number = |value: f64| Cell::Text(value.to_string().replace('-', "−"));
    let code = |name: &str| Cell::Code(name.to_owned());
    let mut all = Vec::new();
    let mut add = |title, head: &[&'static str], rows: Vec<Vec<Cell>>| {
        if !rows.is_empty() {
            all.push(Table { title, head: head.to_vec(), rows });
        }
    };
    let rows = |result: Vec<Result<Vec<Cell>, String>>| result.into_iter().collect::<Result<Vec<_>, _>>();
    let states = model.states.iter().map(|state| {
        Ok(vec![
            code(&state.name),
            symbol(&state.name)?,
            unit(&state.unit.text),
            number(state.init),
            if state.wrap.is_some() { limits(state.wrap) } else { limits(state.bounds) },
            text(&state.meaning()),
        ])
    });
    add("States", &["name", "symbol", "unit", "initial", "bounds", "meaning"], rows(states.collect())?);
    let parameters = model.parameters.iter().map(|p| {
        Ok(vec![
            code(&p.name),
            symbol(&p.name)?,
            unit(&p.unit.text),
            number(p.default),
            limits(p.range),
            text(&p.doc),
        ])
    });
    add(
        "Parameters",
        &["name", "symbol", "unit", "default", "range", "meaning"],
        rows(parameters.collect())?,
    );
    let inputs = model.inputs.iter().map(|input| {
        Ok(vec![code(&input.name), symbol(&input.name)?, unit(&input.unit.text), text(&input.meaning())])
    });
    add("Inputs", &["name", "symbol", "unit", "meaning"], rows(inputs.collect())?);
    let observables = model.observables.iter().map(|value| {
        Ok(vec![code(&value.name), symbol(&value.name)?, unit(&value.unit.text), text(&value.doc)])
    });
    add("Observables", &["name", "symbol", "unit", "meaning"], rows(observables.collect())?);
    let looked_up = model.tables.iter().map(|table| {
        let axes: Vec<String> = table.axes.iter().map(TableAxis::shown).collect();
        Ok(vec![
            code(&table.name),
            symbol(&table.name)?,
            unit(&table.unit.text),
            text(&axes.join("; ")),
            text(&table.doc),
        ])
    });
    add("Tables", &["name", "symbol", "unit", "axes", "meaning"], rows(looked_up.collect())?);
    let presets = model.presets.iter().map(|preset| {
        let values: Vec<String> = preset
            .values
            .iter()
            .map(|&(index, value)| format!("{} = {value}", model.parameters[index].name))
            .collect();
        Ok(vec![code(&preset.name), text(&values.join(", ")), text(&preset.doc)])
    });
    add("Presets", &["name", "values", "meaning"], rows(presets.collect())?);
    Ok(all)
}

fn references(model: &Model) -> Vec<ReferenceTold> {
    let told = |reference: &brainmass_spec::document::Reference| {
        let doi = reference.doi.as_ref().map(|doi| (format!("https://doi.org/{doi}"), format!("doi:{doi}")));
        // Only addresses of the web are links; anything else would be a way to run scripts.
        let url =
            reference.url.as_ref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let (address, shown) = doi.or_else(|| url.map(|url| (url.clone(), url.clone()))).unzip();
        ReferenceTold { cite: reference.cite.clone(), address, shown, note: reference.note.clone() }
    };
    model.references.iter().map(told).collect()
}

fn told_rest(model: &Model, rest: &Rest) -> RestTold {
    let interval = |(state, (from, to)): (&brainmass_spec::model::State, &(f64, f64))| {
        format!("{} from {} to {}", state.name, short(*from), short(*to))
    };
    let points = rest.points.iter().map(|point| PointTold {
        states: point.states.iter().map(|x| printed(*x)).collect(),
        eigenvalues: point
            .eigenvalues
            .iter()
            .filter(|value| value.im >= 0.0)
            .map(|value| match value.im {
                im if im > 1e-12 => format!("{}\u{a0}±\u{a0}{}i", printed(value.re), printed(im)),
                _ => printed(value.re),
            })
            .collect(),
        kind: point.to_string(),
    });
    RestTold {
        when: rest.when,
        window: model.states.iter().zip(&rest.window).map(interval).collect::<Vec<_>>().join(", "),
        points: points.collect(),
        everywhere: rest.everywhere,
    }
}

/// A number with a minus sign in place of a hyphen.
fn printed(value: f64) -> String {
    short(value).replace('-', "−")
}

/// Operations that give the roots; `of` says what these are.
fn cost(
    graph: &Graph,
    roots: &[NodeId],
    of: &'static str,
    measured: Option<crate::bench::models::Cost>,
) -> Cost {
    let mut needed = graph.reachable(roots);
    // What depends on parameters alone is computed once a run.
    let mut varies = vec![false; graph.len()];
    for id in graph.ids() {
        let own = matches!(
            graph.op(id),
            Op::Symbol(Symbol::State(_) | Symbol::Input(_) | Symbol::Source(_) | Symbol::Sum)
        );
        varies[id.index()] = own || graph.op(id).operands().any(|operand| varies[operand.index()]);
        needed[id.index()] &= varies[id.index()];
    }
    let counted = |holds: &dyn Fn(Op) -> bool| {
        graph.ids().filter(|id| needed[id.index()] && holds(graph.op(*id))).count()
    };
    let operations = counted(&|op| !matches!(op, Op::Constant(_) | Op::Symbol(_)));
    let transcendental = counted(&|op| match op {
        Op::Unary(function, _) => !matches!(function, Unary::Sqrt | Unary::Abs | Unary::Sign | Unary::Floor),
        Op::Power(..) | Op::Atan2(..) => true,
        _ => false,
    });
    let measured = measured.map(|cost| MeasuredCost {
        scheme: scheme_text(&cost.scheme),
        ns: if cost.ns < 10.0 { format!("{:.1}", cost.ns) } else { format!("{:.0}", cost.ns) },
        class: class(cost.ns),
        dt: cost.dt.to_string(),
        deviation: match cost.deviation {
            tiny if tiny < 0.001 => "less than 0.001".to_owned(),
            percent => format!("{percent:.3}").trim_end_matches('0').to_owned(),
        },
    });
    Cost { operations, transcendental, of, measured }
}

/// The class of a cost in ns.
pub fn class(ns: f64) -> &'static str {
    match ns {
        ns if ns < 5.0 => "below 5 ns",
        ns if ns < 20.0 => "5 to 20 ns",
        ns if ns < 80.0 => "20 to 80 ns",
        _ => "above 80 ns",
    }
}

/// Writes the script of the interactive phase plane.
fn script(item: &Item, kernel: &Kernel, figures: &Figures) -> Result<String, String> {
    #[derive(Serialize)]
    struct Named<'a> {
        name: &'a str,
        unit: &'a str,
        doc: &'a str,
        value: f64,
        /// Whether the page's sweep varies it.
        swept: bool,
        from: Option<f64>,
        to: Option<f64>,
        /// The default value, from which the run of the page may differ.
        default: f64,
    }
    #[derive(Serialize)]
    struct Plane<'a> {
        name: &'a str,
        states: Vec<Named<'a>>,
        parameters: Vec<Named<'a>>,
        inputs: Vec<Named<'a>>,
        axes: [usize; 2],
        duration: f64,
        dt: f64,
    }
    let info = item.info();
    let setting = item.run();
    let changed = |list: Option<&[(usize, f64)]>, index: usize, otherwise: f64| {
        list.and_then(|list| list.iter().find(|(at, _)| *at == index)).map_or(otherwise, |(_, value)| *value)
    };
    let states = info.states.iter().enumerate().map(|(index, state)| Named {
        name: &state.name,
        unit: &state.unit,
        doc: &state.doc,
        value: changed(setting.map(|setting| &setting.init[..]), index, state.init),
        swept: false,
        from: Some(figures.window[index].0),
        to: Some(figures.window[index].1),
        default: state.init,
    });
    let swept =
        |over: Swept| info.plots.sweep.filter(|sweep| sweep.over == over).map(|sweep| (sweep.from, sweep.to));
    let finite = |value: f64| value.is_finite().then_some(value);
    let parameters = info.parameters.iter().enumerate().map(|(index, parameter)| {
        let own = swept(Swept::Parameter(index));
        let range = own.or(parameter.range);
        Named {
            name: &parameter.name,
            unit: &parameter.unit,
            doc: &parameter.doc,
            value: changed(setting.map(|setting| &setting.parameters[..]), index, parameter.default),
            swept: own.is_some(),
            from: range.and_then(|range| finite(range.0)),
            to: range.and_then(|range| finite(range.1)),
            default: parameter.default,
        }
    });
    let inputs = info.inputs.iter().enumerate().map(|(index, input)| {
        let own = swept(Swept::Input(index));
        Named {
            name: &input.name,
            unit: &input.unit,
            doc: &input.doc,
            value: changed(setting.map(|setting| &setting.inputs[..]), index, 0.0),
            swept: own.is_some(),
            from: own.map(|(from, _)| from),
            to: own.map(|(_, to)| to),
            default: 0.0,
        }
    });
    let axes = match &info.plots.phase[..] {
        &[(x, ..), (y, ..)] => [x, y],
        _ => [0, 1],
    };
    let plane = Plane {
        name: &info.name,
        states: states.collect(),
        parameters: parameters.collect(),
        inputs: inputs.collect(),
        axes,
        duration: setting.and_then(|setting| setting.duration).unwrap_or(100.0),
        dt: setting.and_then(|setting| setting.dt).unwrap_or(info.dt),
    };
    Ok(format!(
        "{}\nwindow.phasePlane = Object.assign({}, {});",
        javascript::RUNTIME,
        json(&plane)?,
        javascript::short_object(kernel)
    ))
}
