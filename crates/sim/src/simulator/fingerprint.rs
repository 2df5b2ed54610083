//! Fingerprints of simulations.

use std::fmt::{Debug, Write as _};

use super::builder::{Simulator, Span};
use crate::fingerprint::{Digest, Fingerprint, LONGEST, MOST_VALUES, array_text};
use crate::network::wiring::WiringDescription;
use crate::network::{Delays, History, Input, Network, Projection, Wiring};
use crate::noise::Process;
use crate::runtime::RecordSpec;
use crate::runtime::time::steps_in_words;
use crate::stimulus::{Regions, Shape, Stimulus};
use brainmass_core::any::AnyModel;
use brainmass_core::engine::InteractionSettings;
use brainmass_core::quantity::{Time, Values};
use ndarray::Array2;

impl Simulator {
    /// Describes everything that determines the numbers of a run but for its duration: the texts of the models, their parameters, initial
    /// states and noise, the edges, the inputs, the scheme and the time step, what is recorded and observed, and the seed. What
    /// only saves time or memory (threads, instruction sets, the storage of edges) is left out.
    ///
    /// Closures can only be named. Two simulations that differ in the code of a closure have the same fingerprint.
    pub fn fingerprint(&self) -> Fingerprint {
        // All fields are named, so that a new one cannot be forgotten.
        let Self {
            network,
            dt: _,
            transient,
            scheme,
            records,
            inputs,
            pasts,
            noises,
            instruments,
            stride,
            averaged,
            seed,
            progress: _,
            gradient_memory: _,
            memory: _,
            most_steps: _,
            simd: _,
            threads: _,
            estimates_error: _,
        } = self;
        let mut all = Fingerprint::default();
        network.describe(&mut all);
        // The model's own step, given in words or not, is the same step; a network without nodes has none.
        all.add("dt", self.time_step().map_or_else(|_| "none".to_owned(), |dt| time(&dt)));
        all.add("transient", span(transient));
        all.add("sampling interval", span(stride));
        all.add("averaged", averaged.to_string());
        // A scheme that is named and is the models' own is the same scheme.
        let own = || {
            let schemes: Vec<&str> = network.groups.iter().map(|group| group.info().scheme.name()).collect();
            if schemes.windows(2).all(|pair| pair[0] == pair[1]) {
                schemes.first().map_or_else(String::new, |scheme| (*scheme).to_owned())
            } else {
                schemes.join(", ")
            }
        };
        all.add("scheme", scheme.map_or_else(own, |scheme| scheme.to_string()));
        let record = |(name, spec): &(String, RecordSpec)| match spec {
            RecordSpec::Name(signal) if signal == name => name.clone(),
            spec => format!("{name} = {spec:?}"),
        };
        all.add(
            "records",
            match records.is_empty() {
                true => "the output of each model".to_owned(),
                false => records.iter().map(record).collect::<Vec<_>>().join(", "),
            },
        );
        for (port, input) in inputs {
            all.add(format!("input {port}"), describe_input(input));
        }
        for (signal, history) in pasts {
            all.add(format!("past of {signal}"), past(history));
        }
        for (index, (port, process)) in noises.iter().enumerate() {
            all.add(format!("noise {} on input {port}", index + 1), describe_process(process));
        }
        for instrument in instruments {
            all.add(format!("instrument {}", instrument.name), instrument.describe());
        }
        all.add("seed of the noise", seed.to_string());
        all
    }
}

impl Network {
    fn describe(&self, all: &mut Fingerprint) {
        let Self { groups, projections, wiring: _, error: _ } = self;
        for group in groups {
            let of = if group.name.is_empty() { String::new() } else { format!(" of {}", group.name) };
            let prefix = if groups.len() == 1 { String::new() } else { format!("{}.", group.name) };
            describe_nodes(group.model.as_ref(), &of, &prefix, all);
        }
        for (index, projection) in projections.iter().enumerate() {
            projection.describe(&projection.name_at(index), all);
        }
    }
}

/// Describes nodes of one model; `of` ends the names of the parts where there are several groups, and `prefix` begins those of numbers.
fn describe_nodes(model: &dyn AnyModel, of: &str, prefix: &str, all: &mut Fingerprint) {
    let (info, population) = (model.engine().info(), model.population());
    all.add(format!("model{of}"), format!("{} with the text {:016x}", info.name, info.hash));
    all.add(format!("nodes{of}"), population.nodes().to_string());
    // A value for all nodes and the same value for each are the same.
    let spread = |at: &dyn Fn(usize) -> f64| (0..population.nodes()).map(at).collect::<Vec<f64>>();
    for (index, parameter) in info.parameters.iter().enumerate() {
        let values = spread(&|node| population.parameter_at(index, node));
        all.add_values(format!("{prefix}{}", parameter.name), &values, &parameter.unit);
    }
    for (index, state) in info.states.iter().enumerate() {
        let values = spread(&|node| population.initial_at(index, node));
        all.add_values(format!("{prefix}init_{}", state.name), &values, &state.unit);
        // Noise of intensity 0 and none at all are the same.
        let noise = spread(&|node| population.noise_at(index, node));
        let unit = match state.unit.as_str() {
            "1" => "1/sqrt(ms)".to_owned(),
            unit => format!("{unit}/sqrt(ms)"),
        };
        all.add_values(format!("{prefix}noise_{}", state.name), &noise, &unit);
    }
    for (index, input) in info.inputs.iter().enumerate().filter(|(_, input)| input.noise.is_some()) {
        let sigma = population.input_noise(index).unwrap_or(0.0);
        let unit = brainmass_spec::noise::times_root_ms(&input.unit);
        all.add_values(
            format!("{prefix}noise of the input {} where nothing else drives it", input.name),
            &[sigma],
            &unit,
        );
    }
    if info.internal_coupling.is_some() {
        all.add(format!("inner coupling{of}"), describe_interaction(population.interaction()));
    }
}

impl Projection {
    fn describe(&self, name: &str, all: &mut Fingerprint) {
        let Self {
            name: _,
            source,
            target,
            receiving,
            wiring,
            rule,
            parameters: _,
            unknown_parameter: _,
            delays,
            speed,
            self_connections,
            history,
            connectivity: _,
            normalize,
            epsilon,
        } = self;
        if let Some(wiring) = wiring {
            let WiringDescription { weights, lengths } = wiring.description(describe_wiring);
            all.add(format!("weights of {name}"), weights);
            if let Some(lengths) = lengths {
                all.add(format!("tract lengths of {name}"), lengths);
            }
        }
        if let Some(rule) = rule {
            let (info, settings) = (rule.info(), rule.settings());
            all.add(format!("rule of {name}"), format!("{} with the text {:016x}", info.name, info.hash));
            for (index, parameter) in info.parameters.iter().enumerate() {
                all.add_values(format!("{name}.{}", parameter.name), settings.values(index), &parameter.unit);
            }
        }
        if let Some(speed) = speed {
            let text = match &speed.0 {
                Ok(speed) => format!("{speed} mm/ms"),
                Err(given) => given.to_string(),
            };
            all.add(format!("{name}.speed"), text);
        }
        if let Some(delays) = delays {
            all.add(
                format!("delays of {name}"),
                delays.description(|delays| match delays {
                    Delays::Common(delay) => time(delay),
                    Delays::Each(delays) => array(delays),
                }),
            );
        }
        all.add(format!("history of {name}"), past(history));
        all.add(format!("ends of {name}"), format!("{source} to {target}"));
        all.add(format!("receiving of {name}"), receiving.as_deref().unwrap_or("what is sent"));
        all.add(format!("self-connections of {name}"), self_connections.to_string());
        if normalize.is_some() || epsilon.is_some() {
            all.add(format!("Laplacian of {name}"), text(&(normalize, epsilon)));
        }
    }
}

fn describe_wiring(wiring: &Wiring) -> WiringDescription {
    let Wiring { shape: (targets, sources), edges, lengths } = wiring;
    // Each word has to wait for the one before it, hence the ends and the weights of millions of edges are taken in side by side.
    let (mut ends, mut weights) = (Digest::default(), Digest::default());
    for edge in edges {
        // No network has 2^32 nodes.
        ends.word((edge.target as u64) << 32 | edge.source as u64);
        weights.number(edge.weight);
    }
    let shape = format!("{targets} x {sources}, {} edges", edges.len());
    WiringDescription {
        lengths: lengths.map(|_| array_text(&shape, edges.iter().map(|edge| &edge.length))),
        weights: format!("{shape}, digest {ends} {weights}"),
    }
}

/// Describes the interaction inside a model.
fn describe_interaction(settings: &InteractionSettings) -> String {
    let InteractionSettings { weights, normalize, exclude_self } = settings;
    let weights = weights.as_ref().map_or_else(|| "all weights 1".to_owned(), array);
    let sum = if *normalize { "mean over the nodes" } else { "sum over the nodes" };
    let own = if *exclude_self { "without" } else { "with" };
    format!("{sum}, {own} the node itself, {weights}")
}

/// Describes an input; its own `Debug` text leaves the numbers out.
fn describe_input(input: &Input) -> String {
    match input {
        Input::Constant(values) => numbers(values),
        Input::Series { rows, hold } => format!("rows held for {}, {}", steps_in_words(*hold), array(rows)),
        Input::Function(_) => "a closure".to_owned(),
        Input::Process(process) => describe_process(process),
        Input::Stimulus(stimulus) => describe_stimulus(stimulus),
        Input::Sum(terms) => terms.iter().map(describe_input).collect::<Vec<_>>().join(" + "),
    }
}

/// Describes a noise process, whose covariance is an array.
fn describe_process(process: &Process) -> String {
    let mut process = process.clone();
    match process.covariance_mut().take() {
        None => text(&process),
        Some(covariance) => format!("{}, covariance {}", text(&process), array(&covariance)),
    }
}

/// Describes a stimulus in words, with all digits of its numbers.
fn describe_stimulus(stimulus: &Stimulus) -> String {
    let Stimulus { shape, amplitude, onset, duration, regions } = stimulus;
    let shape = match shape {
        Shape::Pulse => "pulse".to_owned(),
        Shape::PulseTrain { period, width } => {
            format!("pulses of {} each {}", time(width), time(period))
        }
        Shape::Sine { frequency, phase } => {
            let frequency = frequency.hz().map_or_else(|given| given.to_string(), |hz| format!("{hz} Hz"));
            format!("sine of {frequency} with the phase {phase} rad")
        }
        Shape::Ramp { rise } => format!("ramp over {}", time(rise)),
        Shape::Gaussian { peak, width } => {
            format!("bell with its peak at {} and the width {}", time(peak), time(width))
        }
        Shape::Data { values, interval, between } => {
            format!("data each {}, between them {between:?}, {}", time(interval), array(values))
        }
    };
    let lasting = match duration {
        Some(duration) => format!(" for {}", time(duration)),
        None => String::new(),
    };
    let reached = match regions {
        Regions::All => String::new(),
        Regions::Some(nodes) => format!(" in the nodes {}", text(nodes)),
        Regions::Weighted(weights) => {
            format!(" with {}", array_text(format!("{} weights", weights.len()), weights))
        }
    };
    format!("{shape}, amplitude {}, from {}{lasting}{reached}", numbers(amplitude), time(onset))
}

fn past(history: &History) -> String {
    match history {
        History::Initial => "the initial states".to_owned(),
        History::Constant(values) => numbers(values),
        History::Rows { rows, dt: Some(dt) } => format!("rows each {dt} ms, {}", array(rows)),
        History::Rows { rows, dt: None } => format!("rows, {}", array(rows)),
    }
}

/// Describes one number for all nodes, or one for each.
fn numbers(values: &Values) -> String {
    match values {
        Values::Scalar(value) => value.to_string(),
        Values::Quantity(value) => value.to_string(),
        Values::PerNode(values) if values.len() > MOST_VALUES => {
            array_text(format!("{} values", values.len()), values)
        }
        values => text(values),
    }
}

/// Describes an array by its shape and a digest of its numbers: their digits would take longer to write than a short run takes.
fn array(array: &Array2<f64>) -> String {
    let (rows, columns) = array.dim();
    array_text(format!("{rows} x {columns}"), array)
}

fn time(time: &Time) -> String {
    time.ms().map_or_else(|given| given.to_string(), |ms| format!("{ms} ms"))
}

fn span(span: &Span) -> String {
    match span {
        Span::Steps(steps) => steps_in_words(*steps),
        Span::Time(given) => time(given),
    }
}

/// The `Debug` text of a setting; a long one as a digest.
///
/// Numbers stand in it with all their digits, and the alternate form (`{:#?}`) shows every entry of an array, where the plain one
/// leaves out the middle of long ones.
fn text(setting: &dyn Debug) -> String {
    let mut long = Digest::default();
    let short = format!("{setting:?}");
    if short.len() <= LONGEST && !short.contains("...") {
        return short;
    }
    match write!(long, "{setting:#?}") {
        Ok(()) => format!("digest {long}"),
        Err(_) => short,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use ndarray::{Array1, Array2, ArrayView2, array};

    use super::*;
    use crate::noise::OuProcess;
    use crate::observation::{Monitor, ObservationError, TemporalAverage};
    use crate::simulator::Sweep;
    use brainmass_core::population::Model as _;
    use brainmass_core::quantity::Units as _;
    use brainmass_core::scheme::Scheme;
    use brainmass_rules::{Additive, Diffusive};
    use brainmass_zoo::*;

    fn weights() -> Array2<f64> {
        array![[0.0, 1.0, 0.5], [0.2, 0.0, 0.3], [0.1, 0.0, 0.0]]
    }

    fn lengths() -> Array2<f64> {
        array![[0.0, 10.0, 20.0], [10.0, 0.0, 30.0], [20.0, 30.0, 0.0]]
    }

    fn nodes() -> HopfStep {
        HopfStep::new(3).a(0.1).init_x(0.2)
    }

    fn coupled(network: Network) -> Network {
        network.coupling(Diffusive::new(), "x").k(0.3).speed(5.0)
    }

    fn of(network: Network) -> Simulator {
        Simulator::new(network).record(["x"])
    }

    fn wired(weights: Array2<f64>, lengths: Array2<f64>) -> Simulator {
        of(coupled(Network::new(nodes(), (weights, lengths))))
    }

    fn plain() -> Simulator {
        wired(weights(), lengths())
    }

    /// Every setting that changes numbers changes the part that is named after it.
    #[test]
    fn whatever_changes_a_run_changes_its_part() {
        let series = |last: f64| {
            let mut rows = Array1::<f64>::zeros(2000);
            rows[1000] = last;
            Input::series(rows)
        };
        let with_nodes = |nodes: HopfStep| of(coupled(Network::new(nodes, (weights(), lengths()))));
        let changed = |at: (usize, usize), mut array: Array2<f64>| {
            array[at] += 1e-12;
            array
        };
        let network = || Network::new(nodes(), (weights(), lengths()));
        let two_inputs = |b: Input| plain().input("x_inp", b);
        let cases: Vec<(&str, Simulator, Simulator)> = vec![
            ("model", of(StuartLandauStep::new(3).into()), of(HopfStep::new(3).into())),
            ("nodes", of(HopfStep::new(2).into()), of(HopfStep::new(3).into())),
            ("w", plain(), with_nodes(nodes().w([0.1, 0.2, 0.3]))),
            ("init_y", plain(), with_nodes(nodes().init_y(0.1))),
            ("noise_x", plain(), with_nodes(nodes().noise_x(0.1))),
            ("weights of coupling_input", plain(), wired(changed((2, 0), weights()), lengths())),
            ("tract lengths of coupling_input", plain(), wired(weights(), changed((0, 1), lengths()))),
            (
                "rule of coupling_input",
                plain(),
                of(network().coupling(Additive::new(), "x").k(0.3).speed(5.0)),
            ),
            ("coupling_input.k", plain(), of(network().coupling(Diffusive::new(), "x").k(0.4).speed(5.0))),
            ("coupling_input.speed", plain(), of(coupled(network()).speed(6.0))),
            (
                "delays of coupling_input",
                of(coupled(network()).delays(Delays::Each(lengths()))),
                of(coupled(network()).delays(Delays::Each(changed((1, 2), lengths())))),
            ),
            (
                "history of coupling_input",
                of(coupled(network()).history(Array2::<f64>::zeros((300, 3)))),
                of(coupled(network()).history(changed((150, 1), Array2::zeros((300, 3))))),
            ),
            ("ends of coupling_input", plain(), of(coupled(network()).to("y_inp"))),
            ("self-connections of coupling_input", plain(), of(coupled(network()).self_connections(true))),
            ("dt", plain(), plain().dt(0.2)),
            ("transient", plain(), plain().transient(10.0)),
            ("sampling interval", plain(), plain().every(2)),
            ("averaged", plain(), plain().average()),
            ("scheme", plain(), plain().scheme(Scheme::Rk4)),
            ("records", plain(), plain().record(["y"])),
            ("input x_inp", two_inputs(0.1.into()), two_inputs(0.2.into())),
            ("input x_inp", two_inputs(series(0.0)), two_inputs(series(1e-9))),
            (
                "input x_inp",
                two_inputs(Stimulus::pulse(0.5).onset(10.0).into()),
                two_inputs(Stimulus::pulse(0.5).onset(11.0).into()),
            ),
            (
                "noise 1 on input x_inp",
                plain().noise("x_inp", OuProcess::new(0.1, 5.0)),
                plain().noise("x_inp", OuProcess::new(0.1, 6.0)),
            ),
            (
                "noise 1 on input x_inp",
                plain().noise("x_inp", OuProcess::new(0.1, 5.0).covariance(Array2::eye(3))),
                plain().noise("x_inp", OuProcess::new(0.1, 5.0).covariance(changed((1, 1), Array2::eye(3)))),
            ),
            (
                "input x_inp",
                two_inputs(Stimulus::data(array![[0.0], [1.0]], 1.0).into()),
                two_inputs(Stimulus::data(array![[0.0], [1.0 + 1e-12]], 1.0).into()),
            ),
            (
                "input x_inp",
                two_inputs(Stimulus::pulse(0.5).weights([1.0, 1.0, 1.0]).into()),
                two_inputs(Stimulus::pulse(0.5).weights([1.0, 1.0, 1.0 + 1e-12]).into()),
            ),
            (
                "inner coupling",
                Simulator::new(KuramotoNetwork::new(3).weights(weights())),
                Simulator::new(KuramotoNetwork::new(3).weights(changed((2, 0), weights()))),
            ),
            (
                "instrument seen",
                plain().observe("seen", "x", TemporalAverage::new(1.0, 0.1).unwrap()),
                plain().observe("seen", "x", TemporalAverage::new(2.0, 0.1).unwrap()),
            ),
            ("seed of the noise", plain(), plain().seed(1)),
        ];
        for (part, one, other) in cases {
            let differences = other.fingerprint().differences(&one.fingerprint());
            let is_told = |difference: &String| difference.starts_with(&format!("`{part}` "));
            assert!(differences.iter().any(is_told), "{part}: {differences:?}");
            // Another model has other parameters and states, and another rule other parameters, too.
            let is_kind = ["model", "nodes"].contains(&part) || part.starts_with("rule");
            assert!(differences.len() == 1 || is_kind, "{part}: {differences:?}");
        }
    }

    /// A monitor that counts how often it is described.
    #[derive(Clone)]
    struct Described(TemporalAverage, Arc<AtomicUsize>);

    impl Debug for Described {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.0.fmt(f)
        }
    }

    impl Monitor for Described {
        fn push(&mut self, samples: ArrayView2<f64>) -> Result<Array2<f64>, ObservationError> {
            self.0.push(samples)
        }

        fn finish(&mut self) -> Result<Array2<f64>, ObservationError> {
            self.0.finish()
        }

        fn period(&self) -> f64 {
            self.0.period()
        }

        fn dt(&self) -> f64 {
            self.0.dt()
        }
    }

    #[test]
    fn an_instrument_is_described_once_for_all_runs_of_a_batch() {
        let calls = Arc::new(AtomicUsize::new(0));
        let monitor = Described(TemporalAverage::new(1.0, 0.1).unwrap(), Arc::clone(&calls));
        let batch = plain().observe("seen", "x", monitor).sweep(Sweep::seeds(0..20), 2.0).unwrap();
        let parts = |index: usize| batch.runs[index].as_ref().unwrap().provenance().settings.clone();
        assert!(parts(0).part("instrument seen").unwrap().contains("TemporalAverage"));
        assert_ne!(parts(0).part("seed of the noise"), parts(19).part("seed of the noise"));
        assert_eq!(calls.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn what_changes_no_number_changes_nothing() {
        let same = plain().threads(4).gradient_memory(1 << 20).progress(|_, _| true).dt(0.1.ms());
        assert_eq!(same.fingerprint(), plain().fingerprint());
        let spread = of(coupled(Network::new(nodes().a([0.1; 3]), (weights(), lengths()))));
        assert_eq!(spread.fingerprint(), plain().fingerprint());
        assert!(History::default() == History::Initial);
    }

    #[test]
    fn short_settings_are_told_and_long_ones_are_named() {
        let message = plain().dt(0.5).fingerprint().differences(&plain().fingerprint());
        assert_eq!(message, ["`dt` is 0.5 ms and was 0.1 ms"]);
        let driven = plain().input("x_inp", 0.1).fingerprint();
        assert_eq!(driven.differences(&plain().fingerprint()), ["`input x_inp` is new"]);
        assert_eq!(plain().fingerprint().differences(&driven), ["`input x_inp` is no longer there"]);
    }
}
