//! Values with the descriptions by which results are compared.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// A value whose description takes long to make, with that description, which is made when it is first asked for. Clones share both, such as those of the runs of a batch.
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn copies_are_described_once_and_another_value_anew() {
        let calls = Cell::new(0);
        let describe = |value: &i32| {
            calls.set(calls.get() + 1);
            format!("the number {value}")
        };
        let one = Described::from(1);
        let copy = one.clone();
        assert_eq!(one.description(describe), "the number 1");
        assert_eq!(copy.description(describe), "the number 1");
        assert_eq!(calls.get(), 1);
        assert_eq!(Described::from(*copy + 1).description(describe), "the number 2");
    }
}
