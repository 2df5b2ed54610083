//! Losses and scores that compare signals, each with its gradient.
