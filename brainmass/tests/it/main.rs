//! Experiments, model files and results, as a program that uses the library meets them.

mod experiment_files;
mod experiment_tables;
mod experiment_values;
mod kept_tables;
mod model_files;
mod results;
mod resumable_runs;
