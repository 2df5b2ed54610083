//! Suggestions for names that are misspelt.

/// Returns the name most similar to `wanted`, if one is similar: at most a third of its letters differ, letter case
/// aside.
pub(super) fn closest<'a>(wanted: &str, names: &'a [String]) -> Option<&'a str> {
    let wanted: Vec<char> = wanted.to_lowercase().chars().collect();
    names
        .iter()
        .map(|name| {
            let letters: Vec<char> = name.to_lowercase().chars().collect();
            (edit_distance(&wanted, &letters), wanted.len().max(letters.len()), name)
        })
        .filter(|(distance, length, _)| 3 * distance <= *length)
        .min_by_key(|(distance, _, _)| *distance)
        .map(|(_, _, name)| name.as_str())
}

/// Computes Levenshtein's distance: the fewest insertions, deletions and replacements that make one of the other.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_is_levenshteins() {
        let distance =
            |a: &str, b: &str| edit_distance(&Vec::from_iter(a.chars()), &Vec::from_iter(b.chars()));
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
    }

    #[test]
    fn only_similar_names_are_suggested() {
        let names = ["l_insula", "r_insula", "lA1"].map(str::to_owned);
        assert_eq!(closest("L_Insulla", &names), Some("l_insula"));
        assert_eq!(closest("la1", &names), Some("lA1"));
        assert_eq!(closest("hippocampus", &names), None);
    }
}
