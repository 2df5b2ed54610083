//! Networks: groups of nodes, each of its own model, and the projections between them.
//!
//! Step n + 1, from `x_n` to `x_{n+1}`, reads of a source whose delay is `D = ceil(delay/dt)` steps the value `x_{n-D}`: that of time
//! `(n - D) dt`, the initial state included; before t = 0 it reads the [`History`]. Without delay it reads `x_n`. What is read is held
//! over the step. An observable that is read belongs to the state `x_n` and to the inputs of the step that led to it (at t = 0, to
//! constant inputs alone).
//!
//! A projection of weights `W` and rule (`pre`, `post`) gives node i `post(sum over j of W_ij pre(x_i, x_j))`. The order of the additions
//! is fixed by the edges and their delays, so that a run gives the same bits in one piece or in many, dense or sparse.
//!
//! The past of a source signal takes at most `8 (1.5 D + 72)` bytes a source node, D being the longest delay in steps, and an edge 12 bytes (those
//! without delay 12, or 8 for every pair of nodes where they are stored as a matrix).

mod error;
mod groups;
mod history;
pub(crate) mod input;
pub(crate) mod projection;
mod settings;
pub(crate) mod wiring;

pub use error::NetworkError;
pub use groups::Network;
pub use history::History;
pub use input::Input;
pub use projection::{Connectivity, Delays, Projection, Speed};
pub use settings::{Setting, SettingError};
pub use wiring::{Edge, Wiring};

pub(crate) use groups::Group;
