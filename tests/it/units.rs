//! Units that protect: values that look right and are not are refused, and those that are right are converted.

use brainmass::prelude::*;
use brainmass::zoo::KuramotoNetwork;
use brainmass::{Experiment, Model};

/// A Hopf oscillator of 10 Hz, whose angular frequency is given as `w`.
fn oscillator(w: &str) -> Result<f64, String> {
    let text = format!(
        "{{model: HopfStep, parameters: {{a: 0.05 /ms, w: {w}}}, initial: {{x: 0.2}}, integrator: rk4, dt: 0.1 ms, duration: 4 s, \
         transient: 1 s, sample_every: 1 ms, record: x}}"
    );
    let run = Experiment::read("e.yaml", &text)
        .map_err(|report| report.to_string())?
        .run()
        .map_err(|error| error.to_string())?;
    let x = run["x"].column(0).to_vec();
    let upwards: Vec<usize> = (1..x.len()).filter(|&i| x[i - 1] < 0.0 && x[i] >= 0.0).collect();
    let (first, last) = (upwards[0], upwards[upwards.len() - 1]);
    Ok(1000.0 * (upwards.len() - 1) as f64 / (last - first) as f64)
}

#[test]
fn an_angular_frequency_is_not_given_in_hertz() {
    for w in ["62.831853 rad/s", "0.062831853 rad/ms", "0.062831853", "62.831853 /s"] {
        let hertz = oscillator(w).unwrap_or_else(|error| panic!("{w}: {error}"));
        assert!((hertz - 10.0).abs() < 0.1, "{w} oscillates at {hertz} Hz");
    }
    for (w, instead) in [("10 Hz", "0.06283185307 rad/ms"), ("0.01 kHz", "0.06283185307 rad/ms")] {
        let report = oscillator(w).expect_err("it is refused");
        assert!(
            report.contains("wrong unit: expected rad/ms") && report.contains(&format!("write `{instead}`")),
            "{report}"
        );
    }
}

#[test]
fn every_value_with_radians_is_guarded_and_every_value_in_hertz() {
    let told = |error: Option<String>, what: &str| {
        let error = error.unwrap_or_else(|| panic!("{what} is taken"));
        assert!(error.contains("a cycle is 2 pi radians"), "{what}: {error}");
    };
    let fault = |model: &dyn Fn() -> Result<(), brainmass::population::PopulationError>| {
        model().err().map(|error| error.to_string())
    };
    told(fault(&|| HopfStep::new(1).w(10.0.hz()).check()), "w of HopfStep");
    told(fault(&|| StuartLandauStep::new(1).w(0.01.khz()).check()), "w of StuartLandauStep");
    told(fault(&|| KuramotoNetwork::new(2).omega(10.0.hz()).check()), "omega of KuramotoNetwork");
    told(fault(&|| KuramotoNetwork::new(2).K(10.0.hz()).check()), "K of KuramotoNetwork");
    told(fault(&|| HORNStep::new(1).omega(10.0.hz()).check()), "omega of HORNStep");
    let driven = |drive: Quantity| {
        Simulator::new(JansenRitStep::new(1))
            .input("E_inp", drive)
            .run(1.0)
            .err()
            .map(|error| error.to_string())
    };
    told(driven(200.0.rad_per_s()), "E_inp of JansenRitStep");
    assert_eq!(driven(200.0.hz()), None);
    // What carries neither is a rate, and means what is declared.
    let rate = Quantity::new(62.8, "/s").expect("a unit");
    assert_eq!(HopfStep::new(1).w(rate.clone()).check(), Ok(()));
    assert_eq!(driven(rate), None);
    assert_eq!(HopfStep::new(1).a(20.0.hz()).check(), Ok(()), "a rate of growth in Hz");
}

/// The standard deviation of M after one step of 0.1 ms from 0, over many nodes.
fn spread(noise: &str) -> Result<f64, String> {
    let text = format!(
        "{{model: JansenRitStep, nodes: 2000, noise: {{M: {noise}}}, dt: 0.1 ms, duration: 0.1 ms, record: M}}"
    );
    let run = Experiment::read("e.yaml", &text)
        .map_err(|report| report.to_string())?
        .run()
        .map_err(|error| error.to_string())?;
    let values = run["M"].iter().map(|value| value * value).sum::<f64>() / run["M"].len() as f64;
    Ok(values.sqrt())
}

#[test]
fn an_intensity_of_noise_has_the_root_of_a_time_in_its_unit() {
    // 0.1 mV per root of a ms is 3.16 mV per root of a second; a step of 0.1 ms spreads by 0.1 sqrt(0.1) mV.
    for noise in [
        "0.1",
        "0.1 mV/ms^0.5",
        "3.1622777 mV/s^0.5",
        "100 uV/ms^0.5",
        "0.1 mV/sqrt(ms)",
        "3.1622777 mV/sqrt(s)",
    ] {
        let spread = spread(noise).unwrap_or_else(|error| panic!("{noise}: {error}"));
        assert!((spread / 0.031_622_8 - 1.0).abs() < 0.06, "{noise} spreads by {spread} mV");
    }
    let report = spread("3.16 mV").expect_err("it is refused");
    assert!(
        report.contains("expected mV/sqrt(ms), found mV") && report.contains("write `3.16 mV/sqrt(ms)`"),
        "{report}"
    );
    let error = JansenRitStep::new(1).noise_M(3.16.mv()).check().expect_err("it is refused").to_string();
    assert!(error.contains("mV/sqrt(ms)") && error.contains("write `3.16 mV/sqrt(ms)`"), "{error}");
}

#[test]
fn processes_have_the_unit_that_their_documentation_says() {
    let run = |noise: &str| {
        let text = format!("{{model: JansenRitStep, inputs: {{M_inp: {{noise: {noise}}}}}, duration: 1 ms}}");
        let outcome = Experiment::read("e.yaml", &text).map(|experiment| experiment.run().map(|_| ()));
        match outcome {
            Err(report) => Err(report.to_string()),
            Ok(Err(error)) => Err(error.to_string()),
            Ok(Ok(())) => Ok(()),
        }
    };
    assert_eq!(run("gaussian, sigma: 1 uV"), Ok(()));
    assert_eq!(run("white, sigma: 1 uV*sqrt(ms)"), Ok(()));
    assert_eq!(run("brownian, sigma: 1 uV/sqrt(ms)"), Ok(()));
    for (noise, instead) in
        [("white, sigma: 1 uV", "`1 uV*sqrt(ms)`"), ("brownian, sigma: 1 uV", "`1 uV/sqrt(ms)`")]
    {
        let report = run(noise).expect_err("it is refused");
        assert!(report.contains(instead), "{noise}: {report}");
    }
}

#[test]
fn a_pure_number_has_every_power_and_a_unit_those_that_are_units() {
    let model = |expression: &str| {
        let text = format!(
            "name: ProbeStep\ncategory: phenomenological\ntime_unit: 1 ms\nstates: {{r: {{init: 0.5}}}}\n\
             parameters: {{k: {{default: 0.3}}}}\nderivatives: {{r: '-r + k*max(r, 0)^{expression}'}}\n"
        );
        brainmass_spec::compile_one("t.yaml", &text)
    };
    for power in [
        "0.1", "0.2", "0.3", "0.32", "0.38", "0.4", "0.6", "0.7", "0.8", "0.9", "1.1", "1.2", "1.3", "1.4",
        "1.6", "1.8", "2.2", "2.8", "3.2", "-0.2", "-1.2", "0.125", "1000", "(1/8)", "(16/5)",
    ] {
        let model = model(power).unwrap_or_else(|report| panic!("{power}: {report}"));
        // The equation is what it says: at r = 0.5 the rate is -r + k r^power.
        let exponent = match power {
            "(1/8)" => 0.125,
            "(16/5)" => 3.2,
            plain => plain.parse::<f64>().expect("a number"),
        };
        let rate =
            brainmass_spec::evaluate::evaluate(
                &model.graph,
                &model.right_hand_side(),
                |symbol| match symbol {
                    brainmass_spec::graph::Symbol::State(_) => 0.5,
                    _ => 0.3,
                },
            )[0];
        let expected = -0.5 + 0.3 * 0.5_f64.powf(exponent);
        assert!(
            (rate - expected).abs() <= 1e-15 * expected.abs().max(1.0),
            "{power}: {rate} is not {expected}"
        );
    }
    let of_a_voltage = |power: &str| {
        let text = format!(
            "name: BadStep\ncategory: phenomenological\nstates: {{v: {{init: 1 mV}}}}\nparameters: {{tau: {{default: 10 ms}}}}\n\
             derivatives: {{v: '-v^{power}/tau*1[mV]/(1[mV])^{power}'}}\n"
        );
        brainmass_spec::compile_one("t.yaml", &text).map(|_| ()).map_err(|report| report.to_string())
    };
    assert_eq!(of_a_voltage("0.5"), Ok(()));
    assert_eq!(of_a_voltage("(1/3)"), Ok(()));
    let report = of_a_voltage("0.3").expect_err("there is no unit mV^0.3");
    assert!(report.contains("mV has no power 0.3"), "{report}");
}
