//! The catalogue entry of a model, from its checked text. `brainmass-codegen` writes the same entry as a constant.

use std::sync::Arc;

use brainmass_spec::document;
use brainmass_spec::latex::{self, equations};
use brainmass_spec::model::{self, Model};
use brainmass_spec::symbols::Symbols;

use crate::info::{
    AxisInfo, Category, Check, CheckKind, Couple, DelayedSignal, Equation, InputInfo, Kind, LayerInfo,
    ModelInfo, ObservableInfo, ParameterInfo, Plots, Preset, Reference, Role, Setting, Signal, StateInfo,
    Sweep, Swept, TableInfo,
};
use crate::scheme::Scheme;
use crate::shared::{List, Text};

/// Makes the catalogue entry of a model.
pub(super) fn describe(model: &Model) -> ModelInfo {
    let symbols = Symbols::new(model);
    let latex = |name: &str| Text::from(symbols.of(name));
    ModelInfo {
        name: text(&model.name),
        kind: match model.kind {
            document::Kind::Node => Kind::Node,
            document::Kind::Coupling => Kind::Coupling,
            document::Kind::Observation => Kind::Observation,
            document::Kind::SequenceLayer => Kind::SequenceLayer,
            document::Kind::SequenceNetwork => Kind::SequenceNetwork,
        },
        title: text(&model.title),
        category: Category::ALL.into_iter().find(|category| category.name() == model.category),
        use_case: text(&model.use_case),
        description: text(model.description.trim()),
        references: model
            .references
            .iter()
            .map(|reference| Reference {
                cite: text(&reference.cite),
                doi: optional(&reference.doi),
                url: optional(&reference.url),
                note: optional(&reference.note),
            })
            .collect(),
        version: text(&model.version),
        hash: model.hash,
        changes: texts(&model.changes),
        differences: texts(&model.differences),
        extends: optional(&model.extends),
        states: model
            .states
            .iter()
            .map(|state| StateInfo {
                name: text(&state.name),
                unit: text(&state.unit.text),
                init: state.init,
                noise: state.noise,
                bounds: state.bounds,
                wrap: state.wrap,
                latex: latex(&state.name),
                doc: text(&state.doc),
            })
            .collect(),
        parameters: model
            .parameters
            .iter()
            .map(|parameter| ParameterInfo {
                name: text(&parameter.name),
                unit: text(&parameter.unit.text),
                default: parameter.default,
                range: parameter.range,
                latex: latex(&parameter.name),
                doc: text(&parameter.doc),
            })
            .collect(),
        inputs: model
            .inputs
            .iter()
            .map(|input| InputInfo {
                name: text(&input.name),
                unit: text(&input.unit.text),
                noise: input.noise,
                latex: latex(&input.name),
                doc: text(&input.doc),
            })
            .collect(),
        tables: model
            .tables
            .iter()
            .map(|table| TableInfo {
                name: text(&table.name),
                unit: text(&table.unit.text),
                axes: table
                    .axes
                    .iter()
                    .map(|axis| AxisInfo {
                        name: text(&axis.name),
                        unit: text(&axis.unit.text),
                        from: axis.points.first,
                        to: axis.points.last,
                        points: axis.points.points,
                        doc: text(&axis.doc),
                    })
                    .collect(),
                file: text(&table.file),
                latex: latex(&table.name),
                doc: text(&table.doc),
                bytes: Arc::clone(&table.values.file).into(),
            })
            .collect(),
        delays: model
            .delays
            .iter()
            .map(|delay| DelayedSignal {
                signal: signal(delay.signal),
                duration: text(&delay.text),
                parameters: delay.parameters.clone().into(),
            })
            .collect(),
        observables: model
            .observables
            .iter()
            .map(|value| ObservableInfo {
                name: text(&value.name),
                unit: text(&value.unit.text),
                at_start: value.at_start,
                latex: latex(&value.name),
                doc: text(&value.doc),
            })
            .collect(),
        equations: equations(model)
            .into_iter()
            .map(|line| Equation {
                name: line.name.into(),
                role: match line.role {
                    latex::Role::Derivative => Role::Derivative,
                    latex::Role::Let => Role::Let,
                    latex::Role::Function => Role::Function,
                    latex::Role::Observable => Role::Observable,
                    latex::Role::Coupling => Role::Coupling,
                },
                latex: line.latex.into(),
                text: line.text.into(),
            })
            .collect(),
        output: model.output.map(signal),
        couples: model
            .couples
            .iter()
            .map(|couple| Couple { from: signal(couple.from), to: couple.to, rule: optional(&couple.rule) })
            .collect(),
        scheme: scheme(model),
        dt: model.integration.dt,
        internal_coupling: model.coupling.as_ref().and_then(|coupling| coupling.input),
        layer: model.layer.as_ref().map(|layer| LayerInfo {
            of: text(&layer.of),
            input: optional(&layer.input),
            recurrent: optional(&layer.recurrent),
            between: optional(&layer.between),
            readout: optional(&layer.readout),
        }),
        presets: model
            .presets
            .iter()
            .map(|preset| Preset {
                name: text(&preset.name),
                doc: text(&preset.doc),
                cite: optional(&preset.cite),
                doi: optional(&preset.doi),
                values: preset.values.clone().into(),
            })
            .collect(),
        checks: model.checks.iter().map(check).collect(),
        plots: Plots {
            run: model.plots.run.as_ref().map(setting),
            record: texts(&model.plots.record),
            phase: model.plots.phase.clone().into(),
            sweep: model.plots.sweep.as_ref().map(|sweep| Sweep {
                over: match sweep.over {
                    model::Swept::Parameter(index) => Swept::Parameter(index),
                    model::Swept::Input(index) => Swept::Input(index),
                },
                from: sweep.from,
                to: sweep.to,
                of: signal(sweep.of),
            }),
        },
        yaml: text(&model.source.text),
    }
}

fn text(text: &str) -> Text {
    text.to_owned().into()
}

fn optional(text: &Option<String>) -> Option<Text> {
    text.as_ref().map(|text| text.clone().into())
}

fn texts(lines: &[String]) -> List<Text> {
    lines.iter().map(|line| text(line)).collect()
}

fn signal(signal: model::Signal) -> Signal {
    match signal {
        model::Signal::State(index) => Signal::State(index),
        model::Signal::Observable(index) => Signal::Observable(index),
    }
}

/// The scheme that a model names. The language knows schemes by the names that the library gives them.
fn scheme(model: &Model) -> Scheme {
    let name = model.integration.scheme.name();
    Scheme::ALL.into_iter().find(|scheme| scheme.names().contains(&name)).unwrap_or(Scheme::ExpEuler)
}

fn setting(setting: &model::Setting) -> Setting {
    Setting {
        parameters: setting.parameters.clone().into(),
        init: setting.init.clone().into(),
        inputs: setting.inputs.clone().into(),
        dt: setting.dt,
        transient: setting.transient,
        duration: setting.duration,
    }
}

fn check(check: &model::Check) -> Check {
    Check {
        what: match &check.what {
            model::CheckKind::FixedPoint { state, tolerance } => {
                CheckKind::FixedPoint { state: state.clone().into(), tolerance: *tolerance }
            }
            model::CheckKind::Final { signal: of, is, tolerance } => {
                CheckKind::Final { signal: signal(*of), is: *is, tolerance: *tolerance }
            }
            model::CheckKind::Frequency { signal: of, from, to } => {
                CheckKind::Frequency { signal: signal(*of), from: *from, to: *to }
            }
            model::CheckKind::Within { signal: of, from, to } => {
                CheckKind::Within { signal: signal(*of), from: *from, to: *to }
            }
        },
        setting: setting(&check.setting),
        source: text(&check.source),
    }
}
