//! The nodes and edges of a network while a run goes on, with what drives, records and observes them.
//!
//! | module | content |
//! |---|---|
//! | `session` | a simulation under way, which holds the present state and goes on from it |
//! | `stamp` | the provenance that a session stamps its runs with |
//! | `nodes` | the nodes of one group, advanced by the engine of their model |
//! | `replay` | steps that were made, to be differentiated |
//! | `edges` | the projections: the current that each node receives in a step |
//! | `drive`, `noise`, `own_delay` | the parts of the inputs of nodes that do not come from projections |
//! | `record`, `instrument` | what is kept of a run |
//! | `step_error` | estimates of the error that a step makes |
//! | `names`, `time`, `memory`, `bytes` | names of signals across groups, times as whole numbers of steps, memory computed before it is taken |
//!
//! Other crates of this workspace use `time` and `edges`; programs find sessions, errors and summaries in [`simulator`](crate::simulator).

pub(crate) mod bytes;
pub(crate) mod drive;
pub mod edges;
pub(crate) mod error;
pub(crate) mod instrument;
pub(crate) mod memory;
pub(crate) mod names;
pub(crate) mod nodes;
pub(crate) mod noise;
pub(crate) mod own_delay;
pub(crate) mod record;
pub(crate) mod replay;
pub(crate) mod session;
mod stamp;
pub(crate) mod step_error;
pub mod time;

pub use bytes::Bytes;
pub use edges::ProjectionSummary;
pub use error::RunError;
pub use memory::available_memory;
pub use record::View;
pub use session::{Progress, Session};

pub(crate) use names::Names;
pub(crate) use nodes::Nodes;
pub(crate) use record::{Record, RecordSpec};
