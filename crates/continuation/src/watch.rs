//! Whoever waits for a diagram is told how far it is, and asked whether it is to go on.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The number of points that a computation has found so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Followed {
    /// The number of equilibria, or of folds and Hopf points where two values vary.
    pub points: usize,
    /// The number of limit cycles.
    pub cycles: usize,
}

/// The listener of a computation. The default listens to nothing and lets the computation run to its end.
#[derive(Clone, Default)]
pub struct Watch(Option<Arc<Watched>>);

struct Watched {
    listener: Box<dyn Fn(Followed) -> bool + Send + Sync>,
    points: AtomicUsize,
    cycles: AtomicUsize,
    is_stopped: AtomicBool,
}

impl Watch {
    /// Creates a watch that calls a function at each point found. The computation ends as soon as the function returns `false`, with what it has until
    /// then.
    pub fn new(listener: impl Fn(Followed) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(Watched {
            listener: Box::new(listener),
            points: AtomicUsize::new(0),
            cycles: AtomicUsize::new(0),
            is_stopped: AtomicBool::new(false),
        })))
    }

    /// Returns whether the function has ended the computation.
    pub fn is_stopped(&self) -> bool {
        self.0.as_ref().is_some_and(|watched| watched.is_stopped.load(Ordering::Relaxed))
    }

    /// Counts an equilibrium. Returns whether the computation goes on.
    pub(crate) fn point(&self) -> bool {
        self.count(1, 0)
    }

    /// Counts a cycle. Returns whether the computation goes on.
    pub(crate) fn cycle(&self) -> bool {
        self.count(0, 1)
    }

    /// Returns whether the computation goes on.
    pub(crate) fn goes_on(&self) -> bool {
        self.count(0, 0)
    }

    fn count(&self, points: usize, cycles: usize) -> bool {
        let Some(watched) = &self.0 else { return true };
        let followed = Followed {
            points: watched.points.fetch_add(points, Ordering::Relaxed) + points,
            cycles: watched.cycles.fetch_add(cycles, Ordering::Relaxed) + cycles,
        };
        let goes_on = !watched.is_stopped.load(Ordering::Relaxed) && (watched.listener)(followed);
        if !goes_on {
            watched.is_stopped.store(true, Ordering::Relaxed);
        }
        goes_on
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |of: fn(&Watched) -> &AtomicUsize| {
            self.0.as_ref().map_or(0, |watched| of(watched).load(Ordering::Relaxed))
        };
        f.debug_struct("Watch")
            .field("points", &count(|watched| &watched.points))
            .field("cycles", &count(|watched| &watched.cycles))
            .finish()
    }
}
