//! Helpers of the tests: the models of the workspace, compiled and interpreted, and numbers to try them on.

use std::path::Path;
use std::sync::LazyLock;

use brainmass_core::any::AnyModel;
use brainmass_core::engine::EngineKind;
use brainmass_core::engine::interpreted::Interpreted;
use brainmass_core::info::ModelInfo;
use brainmass_core::real::Simd;
use brainmass_core::registry::{Collection, Entry};
use brainmass_spec::collection::{self, File};
use brainmass_spec::model::Model;

fn read(folder: &Path, inside: &str, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).expect("the models are there") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            read(&entry.path(), &name, files);
        } else if name.ends_with(".yaml") {
            let bytes = std::fs::read(entry.path()).expect("a file").into();
            let file = File { name, folder: inside.to_owned(), bytes };
            for name in collection::data_names(&file) {
                let bytes = std::fs::read(folder.join(&name)).expect("the file of a table").into();
                files.push(File { name, folder: inside.to_owned(), bytes });
            }
            files.push(file);
        }
    }
}

/// Every model of the workspace.
pub fn zoo() -> Vec<Model> {
    let mut files = Vec::new();
    read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models")), "", &mut files);
    let (entries, report) = collection::compile(&files);
    assert_eq!(report, None);
    entries.into_iter().map(|entry| entry.model).collect()
}

/// Every model of the library, those of families compiled or kept as texts.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    static FAMILIES: LazyLock<Vec<Collection>> = LazyLock::new(brainmass_zoo::families);
    let all = [&brainmass_zoo::MODELS[..], brainmass_zoo::observation::MODELS, brainmass_rules::MODELS];
    all.into_iter().flatten().chain(FAMILIES.iter().flat_map(|family| &family.entries))
}

pub fn entry(name: &str) -> &'static Entry {
    entries().find(|entry| entry.name() == name).unwrap_or_else(|| panic!("{name} is in the zoo"))
}

/// Numbers from 0 to 1 that look random.
pub struct Uniform(pub u64);

impl Uniform {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.next()
    }

    pub fn near(&mut self, value: f64) -> f64 {
        value * self.between(0.8, 1.2) + self.between(-0.1, 0.1)
    }
}

/// All that steps read, for some nodes.
pub struct Moment {
    pub nodes: usize,
    pub states: Vec<f64>,
    pub parameters: Vec<f64>,
    pub inputs: Vec<f64>,
    pub noise: Vec<f64>,
}

impl Moment {
    pub fn random(info: &ModelInfo, nodes: usize, uniform: &mut Uniform) -> Self {
        let mut rows = |count: usize, value: &mut dyn FnMut(usize, &mut Uniform) -> f64| -> Vec<f64> {
            (0..count * nodes).map(|at| value(at / nodes, uniform)).collect()
        };
        Self {
            nodes,
            // Some beyond their bounds.
            states: rows(info.states.len(), &mut |i, uniform| match info.states[i]
                .bounds
                .or(info.states[i].wrap)
            {
                Some((low, high)) if high.is_finite() => uniform.between(low - 0.1, high + 0.1),
                Some((low, _)) => low + uniform.between(-0.1, 1.0),
                None => uniform.near(info.states[i].init),
            }),
            parameters: rows(info.parameters.len(), &mut |i, u| u.near(info.parameters[i].default)),
            inputs: rows(info.inputs.len() + info.delays.len(), &mut |_, u| u.between(0.1, 0.9)),
            noise: rows(info.states.len(), &mut |_, u| u.between(-0.2, 0.2)),
        }
    }
}

/// The bits of numbers; those of everything that is not a number are the same.
pub fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| if number.is_nan() { u64::MAX } else { number.to_bits() }).collect()
}

#[track_caller]
pub fn same(what: impl std::fmt::Display, compiled: &[f64], interpreted: &[f64]) {
    assert_eq!(compiled.len(), interpreted.len(), "{what}");
    for (at, (ours, theirs)) in compiled.iter().zip(interpreted).enumerate() {
        let equal = ours.to_bits() == theirs.to_bits() || ours.is_nan() && theirs.is_nan();
        assert!(equal, "{what}, number {at}: compiled {ours:e}, interpreted {theirs:e}");
    }
}

/// Every node model that is compiled, with both of its engines.
pub fn engines() -> Vec<(Model, Box<dyn AnyModel>, Interpreted)> {
    let mut all = Vec::new();
    for model in zoo() {
        let entry = entry(&model.name);
        let Some(nodes) = entry.nodes(1) else { continue };
        if nodes.engine().kind() == EngineKind::Interpreted {
            continue;
        }
        let engine = Interpreted::new(entry.info.clone(), &model);
        all.push((model, nodes, engine));
    }
    let families = if cfg!(feature = "all") { 13 } else { 0 };
    assert!(all.len() >= 18 + families, "only {} models", all.len());
    all
}

pub fn sets() -> Vec<Simd> {
    let names = ["avx512", "avx2", "avx2-unfused", "plain"];
    names.into_iter().filter_map(|name| Simd::named(name).ok()).collect()
}
