//! The catalogue entry of a model, as constants.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::docs;
use super::identifiers::identifier;

use brainmass_spec::collection::Entry;
use brainmass_spec::document::Kind;
use brainmass_spec::latex::{Role, equations};
use brainmass_spec::model::{CheckKind, Model, Setting, Signal, Swept, Table};
use brainmass_spec::symbols::Symbols;

/// `impl Described`: the catalogue entry.
pub fn described(model: &Model) -> TokenStream {
    let name = format_ident!("{}", model.name);
    let info = info(model);
    quote! {
        #[allow(clippy::approx_constant, reason = "defaults are as published")]
        impl Described for #name {
            const INFO: &'static ModelInfo = &#info;
        }
    }
}

/// The list of a folder's models.
pub fn registry(models: &[&Model]) -> TokenStream {
    let entries = models.iter().map(|model| {
        let name = format_ident!("{}", model.name);
        let create = match model.kind {
            Kind::Node | Kind::Observation => {
                quote!(::brainmass::generated::Create::Node(::brainmass::generated::Shared::new(&|nodes| ::std::boxed::Box::new(#name::new(nodes)))))
            }
            Kind::Coupling => {
                quote!(::brainmass::generated::Create::Rule(::brainmass::generated::Shared::new(&|| ::std::boxed::Box::new(#name::new()))))
            }
            Kind::SequenceLayer | Kind::SequenceNetwork => quote!(::brainmass::generated::Create::Sequence),
        };
        quote! {
            ::brainmass::generated::Entry::new(
                ::brainmass::generated::Shared::new(<#name as ::brainmass::generated::Described>::INFO),
                #create,
            )
        }
    });
    quote! {
        /// The models of this folder, in the order of the catalogue.
        pub static MODELS: &[::brainmass::generated::Entry] = &[#(#entries),*];
    }
}

/// The list of models that are kept as their texts, to be interpreted.
pub fn texts(entries: &[Entry]) -> TokenStream {
    let texts = entries.iter().map(|Entry { folder, model }| {
        let (file, name, yaml) = (&model.source.name, &model.name, &model.source.text);
        let kind = kind(model);
        // Those that the text itself names: an inherited one belongs to the text of the base, and its file may have the same name.
        let own = model.source.data.iter().filter_map(|data| {
            let is_it = |table: &&Table| table.file == data.name && table.values.file == data.bytes;
            let table = model.tables.iter().find(is_it)?;
            let (name, path) = (&data.name, &table.path);
            Some(quote!((#name, ::core::include_bytes!(#path))))
        });
        quote!(::brainmass::generated::ModelText {
            folder: #folder,
            file: #file,
            name: #name,
            kind: ::brainmass::generated::info::Kind::#kind,
            yaml: #yaml,
            data: &[#(#own),*],
        })
    });
    quote! {
        /// The models that are kept as their texts, in the order of the catalogue.
        pub static TEXTS: &[::brainmass::generated::ModelText] = &[#(#texts),*];
    }
}

/// A number as Rust writes it.
pub fn float(value: f64) -> TokenStream {
    if value.is_finite() {
        let magnitude = Literal::f64_unsuffixed(value.abs());
        let sign = (value < 0.0).then(|| quote!(-));
        quote!(#sign #magnitude)
    } else if value > 0.0 {
        quote!(f64::INFINITY)
    } else {
        quote!(f64::NEG_INFINITY)
    }
}

fn limits(limits: Option<(f64, f64)>) -> TokenStream {
    option(limits.map(|(low, high)| {
        let (low, high) = (float(low), float(high));
        quote!((#low, #high))
    }))
}

fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

fn text(value: &str) -> TokenStream {
    quote!(Text::new(#value))
}

fn optional(value: &Option<String>) -> TokenStream {
    option(value.as_deref().map(text))
}

/// A list of values that are constants. They stand in a block of their own, so that they are part of the program.
fn list(values: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let mut values = values.into_iter().peekable();
    if values.peek().is_none() {
        return quote!(List::new(&[]));
    }
    quote!(List::new(const { &[#(#values),*] }))
}

fn index(value: usize) -> Literal {
    Literal::usize_unsuffixed(value)
}

fn signal(value: Signal) -> TokenStream {
    match value {
        Signal::State(i) => {
            let i = index(i);
            quote!(info::Signal::State(#i))
        }
        Signal::Observable(i) => {
            let i = index(i);
            quote!(info::Signal::Observable(#i))
        }
    }
}

fn assignments(values: &[(usize, f64)]) -> TokenStream {
    let values = values.iter().map(|(i, value)| {
        let (i, value) = (index(*i), float(*value));
        quote!((#i, #value))
    });
    list(values)
}

/// The name of the kind of a model as the library writes it.
fn kind(model: &Model) -> Ident {
    let name = match model.kind {
        Kind::Node => "Node",
        Kind::Coupling => "Coupling",
        Kind::Observation => "Observation",
        Kind::SequenceLayer => "SequenceLayer",
        Kind::SequenceNetwork => "SequenceNetwork",
    };
    format_ident!("{name}")
}

fn info(model: &Model) -> TokenStream {
    let symbols = Symbols::new(model);
    let (name, title, use_case, description) =
        (text(&model.name), text(&model.title), text(&model.use_case), text(model.description.trim()));
    let kind = kind(model);
    let category = option(match model.category.as_str() {
        "phenomenological" => Some(quote!(Category::Phenomenological)),
        "physiological" => Some(quote!(Category::Physiological)),
        "network" => Some(quote!(Category::Network)),
        _ => None,
    });
    let references = model.references.iter().map(|reference| {
        let (cite, doi, url, note) = (
            text(&reference.cite),
            optional(&reference.doi),
            optional(&reference.url),
            optional(&reference.note),
        );
        quote!(info::Reference { cite: #cite, doi: #doi, url: #url, note: #note })
    });
    let texts = |lines: &[String]| list(lines.iter().map(|line| text(line)));
    let (version, changes, differences) =
        (text(&model.version), texts(&model.changes), texts(&model.differences));
    let hash = Literal::u64_unsuffixed(model.hash);
    let extends = optional(&model.extends);
    let states = model.states.iter().map(|state| {
        let (name, unit, latex, doc) = (text(&state.name), text(&state.unit.text), text(&symbols.of(&state.name)), text(&state.doc));
        let (init, bounds, wrap) = (float(state.init), limits(state.bounds), limits(state.wrap));
        let noise = option(state.noise.map(float));
        quote!(info::StateInfo { name: #name, unit: #unit, init: #init, noise: #noise, bounds: #bounds, wrap: #wrap, latex: #latex, doc: #doc })
    });
    let parameters = model.parameters.iter().map(|parameter| {
        let (name, unit, latex, doc) = (text(&parameter.name), text(&parameter.unit.text), text(&symbols.of(&parameter.name)), text(&parameter.doc));
        let (default, range) = (float(parameter.default), limits(parameter.range));
        quote!(info::ParameterInfo { name: #name, unit: #unit, default: #default, range: #range, latex: #latex, doc: #doc })
    });
    let inputs = model.inputs.iter().map(|input| {
        let (name, unit, latex, doc) =
            (text(&input.name), text(&input.unit.text), text(&symbols.of(&input.name)), text(&input.doc));
        let noise = option(input.noise.map(float));
        quote!(info::InputInfo { name: #name, unit: #unit, noise: #noise, latex: #latex, doc: #doc })
    });
    let tables = list(model.tables.iter().map(|table| {
        let (name, unit, latex, doc, file) = (text(&table.name), text(&table.unit.text), text(&symbols.of(&table.name)), text(&table.doc), text(&table.file));
        let axes = list(table.axes.iter().map(|axis| {
            let (name, unit, doc) = (text(&axis.name), text(&axis.unit.text), text(&axis.doc));
            let (from, to, points) = (float(axis.points.first), float(axis.points.last), index(axis.points.points));
            quote!(info::AxisInfo { name: #name, unit: #unit, from: #from, to: #to, points: #points, doc: #doc })
        }));
        let own = identifier(&table.name);
        quote!(info::TableInfo { name: #name, unit: #unit, axes: #axes, file: #file, latex: #latex, doc: #doc, bytes: Shared::new(tables::#own.file) })
    }));
    let delays = model.delays.iter().map(|delay| {
        let (of, duration) = (signal(delay.signal), text(&delay.text));
        let parameters = list(delay.parameters.iter().map(|parameter| {
            let parameter = index(*parameter);
            quote!(#parameter)
        }));
        quote!(info::DelayedSignal { signal: #of, duration: #duration, parameters: #parameters })
    });
    let observables = model.observables.iter().map(|value| {
        let (name, unit, latex, doc) = (text(&value.name), text(&value.unit.text), text(&symbols.of(&value.name)), text(&value.doc));
        let at_start = value.at_start;
        quote!(info::ObservableInfo { name: #name, unit: #unit, at_start: #at_start, latex: #latex, doc: #doc })
    });
    let equations = equations(model).into_iter().map(|line| {
        let (name, latex, text) = (text(&line.name), text(&line.latex), text(&line.text));
        let role = format_ident!(
            "{}",
            match line.role {
                Role::Derivative => "Derivative",
                Role::Let => "Let",
                Role::Function => "Function",
                Role::Observable => "Observable",
                Role::Coupling => "Coupling",
            }
        );
        quote!(info::Equation { name: #name, role: info::Role::#role, latex: #latex, text: #text })
    });
    let output = option(model.output.map(signal));
    let couples = list(model.couples.iter().map(|couple| {
        let (from, to, rule) = (signal(couple.from), index(couple.to), optional(&couple.rule));
        quote!(info::Couple { from: #from, to: #to, rule: #rule })
    }));
    let scheme = format_ident!("{}", variant(model.integration.scheme.name()));
    let dt = float(model.integration.dt);
    let coupling = option(model.coupling.as_ref().and_then(|coupling| coupling.input).map(|input| {
        let input = index(input);
        quote!(#input)
    }));
    let layer = layer(model);
    let presets = model.presets.iter().map(|preset| {
        let (name, doc, cite, doi) =
            (text(&preset.name), text(&preset.doc), optional(&preset.cite), optional(&preset.doi));
        let values = assignments(&preset.values);
        quote!(info::Preset { name: #name, doc: #doc, cite: #cite, doi: #doi, values: #values })
    });
    let checks = checks(model);
    let plots = plots(model);
    let source = text(&model.source.text);
    let (references, states, parameters, inputs) =
        (list(references), list(states), list(parameters), list(inputs));
    let (delays, observables, equations) = (list(delays), list(observables), list(equations));
    let (presets, checks) = (list(presets), list(checks));
    quote! {
        ModelInfo {
            name: #name,
            kind: info::Kind::#kind,
            title: #title,
            category: #category,
            use_case: #use_case,
            description: #description,
            references: #references,
            version: #version,
            hash: #hash,
            changes: #changes,
            differences: #differences,
            extends: #extends,
            states: #states,
            parameters: #parameters,
            inputs: #inputs,
            tables: #tables,
            delays: #delays,
            observables: #observables,
            equations: #equations,
            output: #output,
            couples: #couples,
            scheme: Scheme::#scheme,
            dt: #dt,
            internal_coupling: #coupling,
            layer: #layer,
            presets: #presets,
            checks: #checks,
            plots: #plots,
            yaml: #source,
        }
    }
}

/// The library's name of a scheme's variant: `symplectic_euler` is `SymplecticEuler`. An underscore between digits stays, as in `Rk4_38`.
fn variant(name: &str) -> String {
    let mut variant = String::new();
    for part in name.split('_') {
        let between_digits = |last: char, next: char| last.is_ascii_digit() && next.is_ascii_digit();
        if variant
            .chars()
            .last()
            .zip(part.chars().next())
            .is_some_and(|(last, next)| between_digits(last, next))
        {
            variant.push('_');
        }
        variant.push_str(&docs::capital(part));
    }
    variant
}

fn layer(model: &Model) -> TokenStream {
    option(model.layer.as_ref().map(|layer| {
        let (of, input, recurrent) = (text(&layer.of), optional(&layer.input), optional(&layer.recurrent));
        let (between, readout) = (optional(&layer.between), optional(&layer.readout));
        quote! {
            info::LayerInfo { of: #of, input: #input, recurrent: #recurrent, between: #between, readout: #readout }
        }
    }))
}

fn setting(setting: &Setting) -> TokenStream {
    let (parameters, init, inputs) =
        (assignments(&setting.parameters), assignments(&setting.init), assignments(&setting.inputs));
    let (dt, transient) = (option(setting.dt.map(float)), float(setting.transient));
    let duration = option(setting.duration.map(float));
    quote! {
        info::Setting {
            parameters: #parameters, init: #init, inputs: #inputs, dt: #dt, transient: #transient, duration: #duration,
        }
    }
}

fn checks(model: &Model) -> Vec<TokenStream> {
    model
        .checks
        .iter()
        .map(|check| {
            let what = match &check.what {
                CheckKind::FixedPoint { state, tolerance } => {
                    let (state, tolerance) = (assignments(state), float(*tolerance));
                    quote!(FixedPoint { state: #state, tolerance: #tolerance })
                }
                CheckKind::Final { signal: of, is, tolerance } => {
                    let (of, is, tolerance) = (signal(*of), float(*is), float(*tolerance));
                    quote!(Final { signal: #of, is: #is, tolerance: #tolerance })
                }
                CheckKind::Frequency { signal: of, from, to } => {
                    let (of, from, to) = (signal(*of), float(*from), float(*to));
                    quote!(Frequency { signal: #of, from: #from, to: #to })
                }
                CheckKind::Within { signal: of, from, to } => {
                    let (of, from, to) = (signal(*of), float(*from), float(*to));
                    quote!(Within { signal: #of, from: #from, to: #to })
                }
            };
            let (setting, source) = (setting(&check.setting), text(&check.source));
            quote! {
                info::Check { what: info::CheckKind::#what, setting: #setting, source: #source }
            }
        })
        .collect()
}

fn plots(model: &Model) -> TokenStream {
    let run = option(model.plots.run.as_ref().map(setting));
    let record = list(model.plots.record.iter().map(|name| text(name)));
    let phase = model.plots.phase.iter().map(|(state, from, to)| {
        let (state, from, to) = (index(*state), float(*from), float(*to));
        quote!((#state, #from, #to))
    });
    let phase = list(phase);
    let sweep = option(model.plots.sweep.as_ref().map(|sweep| {
        let over = match sweep.over {
            Swept::Parameter(at) => {
                let at = index(at);
                quote!(Parameter(#at))
            }
            Swept::Input(at) => {
                let at = index(at);
                quote!(Input(#at))
            }
        };
        let (from, to, of) = (float(sweep.from), float(sweep.to), signal(sweep.of));
        quote!(info::Sweep { over: info::Swept::#over, from: #from, to: #to, of: #of })
    }));
    quote! {
        info::Plots { run: #run, record: #record, phase: #phase, sweep: #sweep }
    }
}
