//! Signals that ask the command to end: what was done until then is kept.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A signal that asks the command to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The interrupt that a terminal sends for Ctrl-C.
    Interrupt,
    /// The request to end that `kill` and batch systems send.
    Terminate,
}

impl Signal {
    /// Returns the number of the signal.
    fn number(self) -> i32 {
        match self {
            Self::Interrupt => 2,
            Self::Terminate => 15,
        }
    }

    /// Returns the status with which a command ends for this signal: 128 and the number of the signal, as shells have it.
    pub fn status(self) -> u8 {
        128 + self.number() as u8
    }

    /// Returns how messages call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Interrupt => "interrupted",
            Self::Terminate => "terminated",
        }
    }
}

/// Notes signals from its creation on. The first asks for an orderly end; a second of the same kind ends the command at once.
#[derive(Debug, Clone)]
pub struct Interrupts(Arc<AtomicUsize>);

impl Interrupts {
    /// Begins to note signals.
    ///
    /// # Errors
    ///
    /// The system does not let signals be noted.
    pub fn note() -> io::Result<Self> {
        let caught = Arc::new(AtomicUsize::new(0));
        for signal in [Signal::Interrupt, Signal::Terminate] {
            register(signal, &caught)?;
        }
        Ok(Self(caught))
    }

    /// Returns the signal that was caught, if one was.
    pub fn caught(&self) -> Option<Signal> {
        let number = self.0.load(Ordering::Relaxed);
        [Signal::Interrupt, Signal::Terminate].into_iter().find(|signal| signal.number() as usize == number)
    }
}

#[cfg(unix)]
fn register(signal: Signal, caught: &Arc<AtomicUsize>) -> io::Result<()> {
    use std::sync::atomic::AtomicBool;

    use signal_hook::flag;

    // In this order: what the second signal does is decided before the first one is noted.
    let again = Arc::new(AtomicBool::new(false));
    flag::register_conditional_shutdown(signal.number(), signal.status().into(), Arc::clone(&again))?;
    flag::register(signal.number(), again)?;
    flag::register_usize(signal.number(), Arc::clone(caught), signal.number() as usize)?;
    Ok(())
}

#[cfg(not(unix))]
fn register(_: Signal, _: &Arc<AtomicUsize>) -> io::Result<()> {
    Ok(())
}
