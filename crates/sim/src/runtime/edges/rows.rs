//! Row offsets of lists that are in the order of their rows.

/// Returns the row offsets of a list in the order of its rows: where the entries of each row begin, and the end of the last.
///
/// `row_of_entries` gives the row of each entry, in any order; an entry must belong to one of the `rows` rows.
pub fn row_offsets(rows: usize, row_of_entries: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut offsets = vec![0; rows + 1];
    row_of_entries.for_each(|row| offsets[row + 1] += 1);
    (0..rows).for_each(|row| offsets[row + 1] += offsets[row]);
    offsets
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
