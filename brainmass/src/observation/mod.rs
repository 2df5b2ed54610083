//! From activity to what instruments see.
