//! Reading and writing of arrays: npy, npz, csv.
