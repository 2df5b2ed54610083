//! The compiler behind brainmass.
