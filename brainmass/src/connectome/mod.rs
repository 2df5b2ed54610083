//! Connectomes: weights, tract lengths, labels, and where they come from.
