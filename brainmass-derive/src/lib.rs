//! The proc-macro of brainmass.
