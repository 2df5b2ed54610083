//! Analysis of signals: functional connectivity, spectra, phase, synchrony.
