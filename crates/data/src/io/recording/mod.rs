//! Records of runs in files: `.npz`, `.csv` and `.json`, written and read here and nowhere else.
//!
//! | ending | content |
//! |---|---|
//! | `.npz` | an array `(time, node)` for each record, under its name; `ts`, the times in ms; `ts.NAME`, the times of a record that has its own; `units`, in the order of the records; `labels`, the names of the nodes where they have some; `provenance`, JSON text |
//! | `.csv` | a row a time: `t_ms`, then a column for each node of each record, called `x[3] (mV)` or, by the name of the node, `x[V1] (mV)`, without a unit where it is 1; the cells of a record that has no row at a time are empty; the provenance is in a file beside it, `run.csv.provenance.json` |
//! | `.json` | `ts`; `records`, each with `name`, `unit`, `values` as rows, and `ts` where it has times of its own; `provenance` |
//!
//! Numbers come back to the same bits, but that JSON has none that are not finite: these are `null`, and read as NaN.

mod compare;
mod csv;
mod files;
mod json;
mod npz;
mod provenance;
mod records;
mod sampled;
#[cfg(test)]
mod tests;

pub use compare::{ArrayDifference, ResultArray, ResultValues, arrays_of, compare, records_of};
pub use csv::split_header;
pub use json::JSON_LIMIT;
pub use provenance::{provenance_of, provenance_path, write_table};
pub use records::{Column, ENDINGS, RESERVED, Recording, Records, TIMES_OF, check_record_name};
