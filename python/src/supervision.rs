//! Long computations on a thread of their own, while the calling thread listens to signals and tells the progress.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// The time between two looks at signals.
const INTERVAL: Duration = Duration::from_millis(20);

/// The stack of the computation, bytes: as much as the main thread of a program has.
const STACK: usize = 8 << 20;

/// The messages between a computation and the thread that waits for it.
#[derive(Debug, Clone, Default)]
pub struct Control {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicUsize>,
    total: Arc<AtomicUsize>,
}

impl Control {
    /// Whether the computation is to go on.
    pub fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    /// Tells how much is done of how much; returns whether the computation is to go on.
    pub fn tell(&self, done: usize, total: usize) -> bool {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        self.goes_on()
    }

    fn progress(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}

/// The outcome of a supervised computation.
pub struct Supervised<T> {
    /// The result of the computation.
    pub outcome: T,
    /// The exception that asked it to stop, if one did.
    pub interruption: Option<PyErr>,
    /// The time that the computation took.
    pub elapsed: Duration,
}

/// Computes on a thread of its own, without the lock of the interpreter. Meanwhile signals are looked at every 20 ms, and `listener`, if there is
/// one, is called with what is done and what is to be done; the computation is asked to stop when a signal handler or the listener raises an exception,
/// and when the listener returns `False`.
///
/// # Errors
///
/// No thread can be started, or the computation panicked.
pub fn supervised<T: Send>(
    py: Python<'_>,
    listener: Option<&Py<PyAny>>,
    compute: impl FnOnce(&Control) -> T + Send,
) -> PyResult<Supervised<T>> {
    let control = Control::default();
    py.detach(|| {
        thread::scope(|scope| {
            let (ended, waiting) = channel();
            let worker = control.clone();
            let handle = thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, move || {
                    let started = Instant::now();
                    let outcome = compute(&worker);
                    let elapsed = started.elapsed();
                    // Nobody waits any more only if this thread is given up too.
                    let _ = ended.send(());
                    (outcome, elapsed)
                })
                .map_err(|error| PyRuntimeError::new_err(format!("no thread can be started: {error}")))?;
            let mut interruption = None;
            while let Err(RecvTimeoutError::Timeout) = waiting.recv_timeout(INTERVAL) {
                if interruption.is_some() {
                    continue;
                }
                interruption = Python::attach(|py| look(py, listener, &control)).err();
                if interruption.is_some() {
                    control.stop.store(true, Ordering::Relaxed);
                }
            }
            let (outcome, elapsed) = handle.join().map_err(|_| {
                PyRuntimeError::new_err(
                    "the computation failed; please report this as a mistake of the package",
                )
            })?;
            if let (Some(listener), None) = (listener, &interruption) {
                let (done, total) = control.progress();
                interruption = Python::attach(|py| listener.call1(py, (done, total)).err());
            }
            Ok(Supervised { outcome, interruption, elapsed })
        })
    })
}

/// Looks at signals and tells the progress. A listener that returns `False` stops the computation without an exception.
fn look(py: Python<'_>, listener: Option<&Py<PyAny>>, control: &Control) -> PyResult<()> {
    py.check_signals()?;
    let Some(listener) = listener else { return Ok(()) };
    let (done, total) = control.progress();
    if total == 0 {
        return Ok(());
    }
    let answer = listener.call1(py, (done, total))?;
    if answer.bind(py).is(pyo3::types::PyBool::new(py, false)) {
        control.stop.store(true, Ordering::Relaxed);
    }
    Ok(())
}
