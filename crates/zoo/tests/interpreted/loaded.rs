//! Models read at run time: their catalogue entries, what runs of them, and what stays of them in memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use brainmass_core::any::AnyModel;
use brainmass_core::engine::EngineKind;
use brainmass_core::loaded::LoadedModel;
use brainmass_core::real::Simd;
use brainmass_core::registry::Entry;
use brainmass_core::scheme::Scheme;
use brainmass_spec::collection::compile_one;

use crate::common::{entries, entry, same, zoo};

/// Counts the bytes that this thread holds.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that ends frees memory after its counter is gone.
    let _ = HELD.try_with(|held| held.set(held.get() + bytes));
}

// SAFETY: every call is passed on to the system's allocator as it is.
#[allow(unsafe_code, reason = "an allocator is unsafe by its trait")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn catalogue_entries_are_those_of_the_library() {
    // Compiled, or read when they are first asked for.
    for model in zoo() {
        let (compiled, loaded) = (entry(&model.name), LoadedModel::interpreted(&model));
        assert_eq!(format!("{:#?}", &*compiled.info), format!("{:#?}", loaded.info()), "{}", model.name);
        let listed = Entry::from(&loaded);
        assert_eq!(listed.nodes(2).is_some(), compiled.nodes(2).is_some(), "{}", model.name);
        assert_eq!(listed.rule().is_some(), compiled.rule().is_some(), "{}", model.name);
    }
}

#[test]
fn a_text_that_is_compiled_runs_compiled_and_any_other_does_not() {
    let hopf = zoo().into_iter().find(|model| model.name == "HopfStep").expect("it is in the zoo");
    let kind = |model: &LoadedModel| model.engine().map(|engine| engine.kind());
    assert_eq!(kind(&LoadedModel::new(&hopf, entries())), Some(EngineKind::Compiled));
    let changed =
        compile_one("hopf.yaml", &format!("{}\n# a remark\n", hopf.source.text)).expect("it is a model");
    let changed = LoadedModel::new(&changed, entries());
    assert_eq!(kind(&changed), Some(EngineKind::Interpreted));
    assert_ne!(changed.info().hash, hopf.hash);
}

#[cfg(feature = "all")]
#[test]
fn a_variant_of_a_changed_base_does_not_run_compiled() {
    use brainmass_spec::collection::{File, Known, compile_beside};

    let delayed = entry("WilsonCowanDelayedStep");
    let base = &entry("WilsonCowanStep").info.yaml;
    let engine_of = |base: &str| {
        let file = File {
            name: "delayed.yaml".into(),
            folder: String::new(),
            bytes: delayed.info.yaml.as_bytes().into(),
        };
        let (models, report) =
            compile_beside(&[file], &[Known { name: "WilsonCowanStep", yaml: base, data: Vec::new() }]);
        assert_eq!(report, None);
        LoadedModel::new(&models[0].model, entries()).engine().map(|engine| engine.kind())
    };
    assert_eq!(engine_of(base), Some(EngineKind::Compiled));
    assert_eq!(engine_of(&format!("{base}\n# a remark\n")), Some(EngineKind::Interpreted));
}

#[test]
fn a_model_that_is_kept_as_its_text_is_read_when_it_is_asked_for() {
    let families = brainmass_zoo::families();
    for entry in families.iter().flat_map(|family| &family.entries) {
        let read = || format!("{:?}", entry.clone()).len();
        let (name, yaml) = (entry.name().to_owned(), entry.yaml().to_owned());
        assert!(yaml.contains(&format!("name: {name}")) && read() > yaml.len() / 4, "{name}");
        assert_eq!((&*entry.info.name, &*entry.info.yaml), (&*name, &*yaml));
        let nodes = entry.nodes(2).expect("it has nodes");
        let compiled = cfg!(feature = "all");
        assert_eq!(nodes.engine().kind() == EngineKind::Compiled, compiled, "{name}");
        // Compiled code has a description of its own.
        assert!(compiled || std::ptr::eq(nodes.population().info(), &*entry.info), "{name}: read once");
    }
}

#[test]
fn nodes_are_set_by_name_and_mistakes_are_kept_with_their_place() {
    let hopf = zoo().into_iter().find(|model| model.name == "HopfStep").expect("it is in the zoo");
    let hopf = LoadedModel::interpreted(&hopf);
    let nodes =
        hopf.nodes(3).expect("it has nodes").set("a", 0.5).init("x", vec![0.1, 0.2, 0.3]).noise("y", 0.02);
    assert_eq!(nodes.check(), Ok(()));
    let population = nodes.population();
    assert_eq!(
        (population.parameter_at(0, 2), population.initial_at(0, 1), population.noise_at(1, 0)),
        (0.5, 0.2, 0.02)
    );
    let error = hopf
        .nodes(3)
        .expect("it has nodes")
        .set("omega", 1.0)
        .init("z", 0.0)
        .check()
        .expect_err("no such parameter");
    assert!(
        error.to_string().contains("there is no parameter `omega`")
            && error.to_string().contains("loaded.rs"),
        "{error}"
    );
}

#[test]
fn nothing_stays_of_ten_thousand_models_that_were_dropped() {
    let texts: Vec<String> = zoo()
        .into_iter()
        .filter(|model| model.extends.is_none())
        .map(|model| model.source.text.clone())
        .collect();
    let load = |text: &str| {
        let model = compile_one("a.yaml", text).map(|model| LoadedModel::interpreted(&model));
        let Ok(model) = model else { return };
        let Some(nodes) = model.nodes(9) else { return };
        let parameters = vec![0.5; 9 * nodes.info().parameters.len()];
        let coefficients = nodes.engine().prepare(Simd::fastest(), Scheme::ExpEuler, 0.1, 9, &parameters);
        assert!(!coefficients.is_empty());
        assert_eq!(nodes.clone().boxed().population().nodes(), 9);
    };
    // What a thread keeps for all that run on it, such as room for registers, is there after the first round.
    texts.iter().for_each(|text| load(text));
    let before = HELD.get();
    texts.iter().for_each(|text| load(text));
    for number in 0..10_000 {
        load(&format!("{SMALL}# model {number}\n"));
    }
    assert_eq!(HELD.get() - before, 0, "bytes are left");
}

const SMALL: &str = "name: DecayStep\ncategory: phenomenological\nparameters: {a: {default: 2}}\n\
                     states: {x: {init: 1}}\nderivatives: {x: -a*x}\noutput: x\ntime_unit: 1 ms\n";

#[test]
fn a_dropped_model_lives_on_in_its_nodes() {
    let mut models = zoo();
    let index = models.iter().position(|model| model.name == "JansenRitStep").expect("it is in the zoo");
    let model = models.swap_remove(index);
    let nodes = LoadedModel::interpreted(&model).nodes(2).expect("it has nodes");
    drop((models, model));
    let engine = nodes.shared_engine();
    drop(nodes);
    let compiled = entry("JansenRitStep").nodes(1).expect("it has nodes");
    let parameters: Vec<f64> = engine.info().parameters.iter().map(|parameter| parameter.default).collect();
    let of = |engine: &dyn brainmass_core::engine::Engine| {
        engine.prepare(Simd::fastest(), Scheme::Euler, 0.1, 1, &parameters)
    };
    let count = of(&*engine).len().min(of(compiled.engine()).len());
    assert!(count > 0 && engine.info().name == "JansenRitStep");
    let point = |engine: &dyn brainmass_core::engine::Engine| {
        let states = vec![0.1; engine.info().states.len()];
        let inputs = vec![0.2; engine.info().inputs.len()];
        engine.rates_at(&brainmass_core::engine::Point {
            states: &states,
            parameters: &parameters,
            inputs: &inputs,
        })
    };
    same("rates", &point(compiled.engine()), &point(&*engine));
}
