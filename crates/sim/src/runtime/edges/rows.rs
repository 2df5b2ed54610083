//! Lists in the order of rows.

/// Where the entries of each row start, and the end of the last, in a list that is in the order of its rows; `of_entries` says of each
/// entry, in any order, which row it belongs to.
pub fn row_offsets(rows: usize, of_entries: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut starts = vec![0; rows + 1];
    of_entries.for_each(|row| starts[row + 1] += 1);
    (0..rows).for_each(|row| starts[row + 1] += starts[row]);
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_rows_start_where_the_next_one_does() {
        assert_eq!(row_offsets(4, [2, 0, 2].into_iter()), [0, 1, 1, 3, 3]);
        assert_eq!(row_offsets(0, std::iter::empty()), [0]);
    }
}
