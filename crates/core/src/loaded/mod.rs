//! Models that are read at run time.
//!
//! [`LoadedModel`] holds what a checked model text says: its catalogue entry and its engine. [`Nodes`] are the nodes of one, set by name. Both hold
//! nothing beyond their own life: when the last of them is dropped, all of the model is. Models that the library keeps as text are read when they are
//! first asked for.

mod describe;
mod model;
mod nodes;
mod unread;

pub use model::LoadedModel;
pub use nodes::Nodes;
pub use unread::interpreted_when_read;
