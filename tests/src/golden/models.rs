//! The models that reference cases run: compiled or interpreted, as the run of the cases says.

use std::sync::atomic::{AtomicBool, Ordering};

use brainmass::Zoo;
use brainmass::any::AnyModel;
use brainmass::coupling::AnyRule;
use brainmass::engine::EngineKind;

/// Whether cases run interpreted.
static INTERPRETED: AtomicBool = AtomicBool::new(false);

/// Chooses the engine of all cases that this process runs from now on.
pub fn run_with(engine: EngineKind) {
    INTERPRETED.store(engine == EngineKind::Interpreted, Ordering::Relaxed);
}

/// Makes nodes of a model of the catalogue.
pub fn nodes(name: &str, count: usize) -> Result<Box<dyn AnyModel>, String> {
    let nodes = if INTERPRETED.load(Ordering::Relaxed) {
        Zoo::default().interpreted(name)?.nodes(count).map(Into::into)
    } else {
        brainmass::find_model(name)?.nodes(count)
    };
    nodes.ok_or_else(|| format!("{name} is not a model of nodes"))
}

/// Makes a coupling rule of the catalogue.
pub fn rule(name: &str) -> Result<Box<dyn AnyRule>, String> {
    let rule = if INTERPRETED.load(Ordering::Relaxed) {
        Zoo::default().interpreted(name)?.rule()
    } else {
        brainmass::find_model(name)?.rule()
    };
    rule.ok_or_else(|| format!("{name} is not a coupling rule"))
}
