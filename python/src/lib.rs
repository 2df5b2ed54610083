//! The compiled part of the Python package `brainmass_rs`, which its Python face wraps.
//!
//! It takes plain numbers in declared units, names and arrays of doubles, and gives arrays without copying them. Units, defaults, names of the
//! Python habit and documentation are made in `brainmass_rs/*.py`; what stands here has no other user.

mod arrays;
mod batches;
mod diagrams;
mod errors;
mod experiments;
mod fits;
mod functions;
mod gradients;
mod instruments;
mod models;
mod networks;
mod noises;
mod records;
mod sequences;
mod simulators;
mod supervision;
mod sweeps;

use pyo3::prelude::*;

/// The module `brainmass_rs._core`.
#[pymodule(gil_used = false)]
#[pyo3(name = "_core")]
fn core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("Mistakes", module.py().get_type::<errors::Mistakes>())?;
    module.add("Ended", module.py().get_type::<errors::Ended>())?;
    module.add_class::<models::Model>()?;
    module.add_class::<models::Nodes>()?;
    module.add_class::<models::Rule>()?;
    module.add_class::<networks::Network>()?;
    module.add_class::<noises::Process>()?;
    module.add_class::<noises::Stimulus>()?;
    module.add_class::<instruments::Instrument>()?;
    module.add_class::<simulators::Simulator>()?;
    module.add_class::<simulators::Session>()?;
    module.add_class::<experiments::Experiment>()?;
    module.add_class::<sweeps::SweepResults>()?;
    module.add_class::<diagrams::BifurcationDiagram>()?;
    module.add_class::<sequences::Sequence>()?;
    models::register(module)?;
    functions::register(module)?;
    Ok(())
}
