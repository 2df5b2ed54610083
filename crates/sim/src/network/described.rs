//! Large values with the descriptions by which results are compared.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// A large value with its description, which is made when it is first asked for. Clones share both, such as those of the runs of a batch.
#[derive(Debug)]
pub(crate) struct Described<T, D = String>(Arc<(T, OnceLock<D>)>);

impl<T, D> Clone for Described<T, D> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T, D> Described<T, D> {
    /// Returns the description, which `describe` makes the first time.
    pub fn description(&self, describe: impl FnOnce(&T) -> D) -> &D {
        let (value, description) = &*self.0;
        description.get_or_init(|| describe(value))
    }
}

impl<T, D> From<T> for Described<T, D> {
    fn from(value: T) -> Self {
        Self(Arc::new((value, OnceLock::new())))
    }
}

impl<T, D> Deref for Described<T, D> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.0
    }
}
