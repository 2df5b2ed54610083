//! What steps: the nodes and edges of a network during a run, what drives and records and watches them.
//!
//! | module | holds |
//! |---|---|
//! | [`session`] | a simulation under way: it holds the present state and goes on from it |
//! | `nodes` | the nodes of one group, stepped by their engine |
//! | [`edges`] | the projections: what each node receives in a step |
//! | `drive`, `noise`, `delay_line` | what inputs, noise and delays inside a model give to the nodes |
//! | `record`, `watch` | what is kept of a run, and the instruments that watch it |
//! | `names`, `time` | names of signals across groups; times as whole numbers of steps |

pub(crate) mod delay_line;
pub(crate) mod drive;
pub mod edges;
pub(crate) mod error;
pub(crate) mod names;
pub(crate) mod nodes;
pub(crate) mod noise;
pub(crate) mod record;
pub mod session;
pub mod time;
pub(crate) mod watch;

pub use edges::ProjectionSummary;
pub use error::RunError;
pub use record::View;
pub use session::{Progress, Session};

pub(crate) use names::Names;
pub(crate) use nodes::Nodes;
pub(crate) use record::{Record, Sample, What};
pub(crate) use watch::{Observation, Watch};
