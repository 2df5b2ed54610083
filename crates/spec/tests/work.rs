//! The work of the compiler is bounded by the size of a file, whatever stands in it.

use std::time::{Duration, Instant};

use brainmass_spec::compile_one;
use brainmass_spec::kernel::Kernel;
use brainmass_spec::latex::equations;
use brainmass_spec::latex_graph::jacobian;

const HEAD: &str = "name: XStep\ntime_unit: 1 ms\ncategory: phenomenological\nstates: {x: {init: 0}}\n";

/// Goes all the way that a build or a page goes, and says what the report says first; "a model" where there is none. What grows without
/// bounds would take longer than any limit; this one is for slow machines.
#[track_caller]
fn outcome(text: &str) -> String {
    let start = Instant::now();
    let outcome = match compile_one("t.yaml", text) {
        Ok(model) => {
            let kernel = Kernel::new(&model);
            let shown: usize = jacobian(&model, &kernel).iter().map(|entry| entry.latex.len()).sum();
            let written: usize = equations(&model).iter().map(|line| line.latex.len()).sum();
            assert!(shown + written < 10_000_000, "{shown} and {written} bytes of LaTeX");
            "a model".to_owned()
        }
        Err(report) => {
            let report = report.to_string();
            assert!(report.len() < 1_000_000, "the report has {} bytes", report.len());
            report.lines().next().unwrap_or_default().to_owned()
        }
    };
    assert!(start.elapsed() < Duration::from_secs(60), "took {:?}", start.elapsed());
    outcome
}

/// Functions of which each calls the one before it three times.
fn tower(levels: usize) -> String {
    let mut text = format!("{HEAD}functions:\n  f0(v): v*v + v\n");
    for level in 1..=levels {
        let below = level - 1;
        text.push_str(&format!("  f{level}(v): f{below}(v)*f{below}(v+{level}) + f{below}(2*v)\n"));
    }
    format!("{text}derivatives: {{x: f{levels}(x)}}\n")
}

#[test]
fn functions_that_call_each_other_are_not_walked_branch_by_branch() {
    assert_eq!(outcome(&tower(3)), "a model");
    for levels in [9, 15, 16, 40] {
        let told = outcome(&tower(levels));
        assert!(
            told.starts_with("error: the functions of this file expand to more than"),
            "{levels}: {told}"
        );
    }
}

#[test]
fn a_mistake_in_a_function_is_not_looked_for_again_at_each_call() {
    let text = tower(14).replace("f0(v): v*v + v", "f0(v): v*v + w");
    assert_eq!(outcome(&text), "error: unknown name `w`");
}

#[test]
fn expressions_that_are_deep_in_sum_do_not_exhaust_the_stack() {
    let sum = |first: &str| format!("{first}{}", " + v".repeat(190));
    let mut text = format!("{HEAD}functions:\n  f0(v): {}\n", sum("v"));
    for level in 1..16 {
        text.push_str(&format!("  f{level}(v): {}\n", sum(&format!("f{}(v)", level - 1))));
    }
    let told = outcome(&format!("{text}derivatives: {{x: f15(x)}}\n"));
    assert_eq!(told, "error: the functions of this file expand to more than 300 levels of parentheses");
}

#[test]
fn values_that_double_from_one_to_the_next_are_computed_once_each() {
    let mut text = format!("{HEAD}let:\n  a0: x + 1\n");
    for level in 1..250 {
        text.push_str(&format!("  a{level}: a{}*a{} + sin(a{})\n", level - 1, level - 1, level - 1));
    }
    assert_eq!(outcome(&format!("{text}derivatives: {{x: a249}}\n")), "a model");
    // Without names they are one expression, which shares what it repeats and would be written without end.
    let doubled = "  f0(v): v + 1\n".to_owned()
        + &(1..14)
            .map(|i| format!("  f{i}(v): f{}(v)*f{}(v) + sin(f{}(v))\n", i - 1, i - 1, i - 1))
            .collect::<String>();
    assert_eq!(outcome(&format!("{HEAD}functions:\n{doubled}derivatives: {{x: f13(x)}}\n")), "a model");
}

#[test]
fn simplifying_comes_to_an_end() {
    for expression in [
        "1e200*1e200*1e200*x",
        "1e200*(1e200*x)*1e200*1e200",
        "(1e200*x)*(1e200*x)*(1e200*x)",
        "x*1e200/1e-200*1e200",
        "-(-(1e200*1e200)*-1e200)*-x",
        "((((x^64)^64)^64)^64)^64",
        "1/(1/(1/(1e200*1e200*x)))",
    ] {
        assert_eq!(
            outcome(&format!("{HEAD}derivatives: {{x: '{expression}'}}\n")),
            "a model",
            "{expression}"
        );
    }
}

#[test]
fn mistakes_without_number_are_told_to_a_number() {
    let unknown = (0..900).map(|i| format!("y{i}")).collect::<Vec<_>>().join("+");
    let lets: String = (0..100).map(|i| format!("  a{i}: ({unknown})\n")).collect();
    let told = outcome(&format!("{HEAD}let:\n{lets}derivatives: {{x: -x}}\n"));
    assert!(told.contains("too many terms"), "{told}");
    let unknown = (0..150).map(|i| format!("unknown_name_{i}")).collect::<Vec<_>>().join("+");
    let lets: String = (0..250).map(|i| format!("  a{i}: ({unknown})\n")).collect();
    let told = outcome(&format!("{HEAD}let:\n{lets}derivatives: {{x: -x}}\n"));
    assert_eq!(told, "error: unknown name `unknown_name_0`");
    let keys: String = (0..20_000).map(|i| format!("key_number_{i}: 1\n")).collect();
    assert_eq!(outcome(&format!("{HEAD}{keys}")), "error: unknown key `key_number_0` in a model file");
}

#[test]
fn many_states_that_all_depend_on_each_other_are_refused_before_they_are_differentiated() {
    let count = 200;
    let states: String = (0..count).map(|i| format!("  x{i}: {{init: 0}}\n")).collect();
    let rate = |i: usize| {
        let terms: Vec<String> = (0..180).map(|j| format!("sin(x{i}*x{})", (i + j) % count)).collect();
        format!("  x{i}: {}\n", terms.join("+"))
    };
    let rates: String = (0..count).map(rate).collect();
    let text =
        format!("name: XStep\ntime_unit: 1 ms\ncategory: network\nstates:\n{states}derivatives:\n{rates}");
    assert!(outcome(&text).starts_with("error: the equations are too large"));
    // A large model of which each state depends on a few others is a model.
    let rates: String =
        (0..count).map(|i| format!("  x{i}: sin(x{} - x{i}) - x{i}\n", (i + 1) % count)).collect();
    let text =
        format!("name: XStep\ntime_unit: 1 ms\ncategory: network\nstates:\n{states}derivatives:\n{rates}");
    assert_eq!(outcome(&text), "a model");
}

#[test]
fn names_symbols_and_titles_have_a_length() {
    let long = "n".repeat(900);
    let told = outcome(&format!("{HEAD}parameters: {{{long}: {{default: 1}}}}\nderivatives: {{x: -x}}\n"));
    assert_eq!(told, "error: a name has at most 64 characters, this one has 900");
    let told = outcome(&format!(
        "{HEAD}parameters: {{a: {{default: 1, symbol: '{long}'}}}}\nderivatives: {{x: -x}}\n"
    ));
    assert_eq!(told, "error: `symbol` has at most 200 characters, this one has 900");
    let told = outcome(&format!("{HEAD}title: {long}\nderivatives: {{x: -x}}\n"));
    assert_eq!(told, "error: `title` has at most 300 characters, this one has 900");
}
