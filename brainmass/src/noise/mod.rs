//! Counter-based random numbers and the noise processes driven by them.
