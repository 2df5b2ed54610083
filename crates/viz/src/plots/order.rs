//! The order of regions in matrices and carpets.

use std::collections::HashSet;

use ndarray::Axis as Dimension;

use crate::axis::{Axis, Group, Ticks};
use crate::marks::{Mark, counted};
use crate::panel::Panel;

/// A side of the brain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// The beginnings of names of regions that tell their side, left and right, in lower case.
const BEGINNINGS: [(&str, &str); 8] = [
    ("ctx-lh-", "ctx-rh-"),
    ("left", "right"),
    ("lh", "rh"),
    ("l_", "r_"),
    ("l-", "r-"),
    ("l.", "r."),
    ("l ", "r "),
    ("l", "r"),
];
/// The endings of names that do the same.
const ENDINGS: [(&str, &str); 6] =
    [("left", "right"), ("_lh", "_rh"), ("_l", "_r"), ("-l", "-r"), (".l", ".r"), (" l", " r")];

/// Returns the order that puts the regions of the left hemisphere first, those of the right one behind them, and the rest at the end, each in their
/// present order, with the number of regions of each of the three; `None` where the names do not tell the sides.
///
/// Names tell them where most come in pairs that differ by the mark of the side alone: `lh_V1` and `rh_V1`, `V1_L` and `V1_R`, `L01` and `R01`.
pub fn hemispheres<S: AsRef<str>>(names: &[S]) -> Option<(Vec<usize>, [usize; 3])> {
    let parts = sides(names)?;
    let place = |index: &usize| match &parts[*index] {
        Some((Side::Left, _)) => 0,
        Some((Side::Right, _)) => 1,
        None => 2,
    };
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(place);
    let mut counts = [0; 3];
    order.iter().for_each(|index| counts[place(index)] += 1);
    Some((order, counts))
}

/// Returns the pairs of regions that are mirror images of each other, left and right, as names tell them, see [`hemispheres`].
pub fn homotopic<S: AsRef<str>>(names: &[S]) -> Vec<(usize, usize)> {
    let Some(parts) = sides(names) else { return Vec::new() };
    let of = |side: Side| {
        parts.iter().enumerate().filter_map(move |(place, part)| match part {
            Some((own, rest)) if *own == side => Some((place, rest)),
            _ => None,
        })
    };
    of(Side::Left)
        .filter_map(|(left, rest)| {
            of(Side::Right).find(|(_, other)| *other == rest).map(|(right, _)| (left, right))
        })
        .collect()
}

/// Splits names into their sides and what is left of them; `None` where they do not tell the sides.
fn sides<S: AsRef<str>>(names: &[S]) -> Option<Vec<Option<(Side, String)>>> {
    let lower: Vec<String> = names.iter().map(|name| name.as_ref().to_lowercase()).collect();
    let ways = BEGINNINGS.iter().map(|marks| (marks, true)).chain(ENDINGS.iter().map(|marks| (marks, false)));
    for ((left, right), begins) in ways {
        let part = |name: &String| -> Option<(Side, String)> {
            let rest = |mark: &str| if begins { name.strip_prefix(mark) } else { name.strip_suffix(mark) };
            let found = rest(left).map(|rest| (Side::Left, rest));
            let found = found.or_else(|| rest(right).map(|rest| (Side::Right, rest)));
            found.map(|(side, rest)| (side, rest.to_owned()))
        };
        let parts: Vec<Option<(Side, String)>> = lower.iter().map(part).collect();
        let of = |side: Side| -> HashSet<&str> {
            parts.iter().flatten().filter(|(own, _)| *own == side).map(|(_, rest)| rest.as_str()).collect()
        };
        let pairs = of(Side::Left).intersection(&of(Side::Right)).count();
        if pairs > 0 && 4 * pairs >= names.len() {
            return Some(parts);
        }
    }
    None
}

/// Sorts the regions of a panel: rows and columns of a square matrix, rows of a carpet. `order[i]` is the region that comes to the place `i`; names
/// along an axis go with their regions. What has not as many regions as `order` stays as it is.
pub fn in_order(mut panel: Panel, order: &[usize]) -> Panel {
    let is_order = {
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        sorted.iter().copied().eq(0..order.len())
    };
    if !is_order {
        return panel;
    }
    for mark in &mut panel.marks {
        let Mark::Heatmap(map) = mark else { continue };
        let (rows, columns) = map.values.dim();
        if rows != order.len() || map.y != counted(rows) {
            continue;
        }
        map.values = map.values.select(Dimension(0), order);
        sort_ticks(&mut panel.y, order);
        if columns == rows && map.x == counted(columns) {
            map.values = map.values.select(Dimension(1), order);
            sort_ticks(&mut panel.x, order);
        }
    }
    panel
}

/// Sorts the regions of a panel by hemisphere, where `names` tell the sides, and puts brackets with `L` and `R` along axes that have no names.
pub fn by_hemisphere<S: AsRef<str>>(panel: Panel, names: &[S]) -> Panel {
    let Some((order, counts)) = hemispheres(names) else { return panel };
    let mut panel = in_order(panel, &order);
    let mut groups = Vec::new();
    let mut start = 0;
    for (count, name) in counts.into_iter().zip(["L", "R", "other"]).filter(|(count, _)| *count > 0) {
        let (from, to) = (start as f64 - 0.5, (start + count) as f64 - 0.5);
        groups.push(Group { name: name.to_owned(), start: from, end: to });
        start += count;
    }
    for mark in &mut panel.marks {
        if let Mark::Heatmap(map) = mark
            && map.values.nrows() == names.len()
            && map.values.ncols() == names.len()
        {
            map.groups.clone_from(&groups);
        }
    }
    panel
}

/// Moves the names of an axis with their regions.
fn sort_ticks(axis: &mut Axis, order: &[usize]) {
    if let Ticks::Named(names) = &mut axis.ticks
        && names.len() == order.len()
    {
        let sorted = order.iter().enumerate().map(|(place, region)| (place as f64, names[*region].1.clone()));
        *names = sorted.collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plots::{carpet, functional_connectivity, with_regions};
    use ndarray::{Array1, Array2, array};

    #[test]
    fn sides_are_told_by_pairs_of_names() {
        let order = |names: &[&str]| hemispheres(names).map(|(order, _)| order);
        assert_eq!(order(&["lh_V1", "rh_V1", "lh_V2", "rh_V2"]), Some(vec![0, 2, 1, 3]));
        assert_eq!(order(&["V1_R", "V1_L", "Brainstem", "M1_R", "M1_L"]), Some(vec![1, 4, 0, 3, 2]));
        assert_eq!(order(&["R01", "L01"]), Some(vec![1, 0]));
        assert_eq!(order(&["rA1", "rPFC", "lA1", "lPFC"]), Some(vec![2, 3, 0, 1]));
        assert_eq!(order(&["Left-Thalamus", "Right-Thalamus"]), Some(vec![0, 1]));
        // A beginning alone is no side.
        assert_eq!(order(&["LGN", "retina", "lateral", "rostral"]), None);
        assert_eq!(order(&["a", "b"]), None);
        assert_eq!(hemispheres(&["R01", "L01", "Stem"]).unwrap().1, [1, 1, 1]);
        assert_eq!(homotopic(&["R01", "L01", "Stem", "L02", "R02"]), [(1, 0), (3, 4)]);
    }

    #[test]
    fn matrices_and_carpets_are_sorted_with_their_names() {
        let names = ["R1", "L1"];
        let panel = with_regions(functional_connectivity(&array![[1.0, 0.2], [0.3, 0.9]]), &names);
        let panel = by_hemisphere(panel, &names);
        let map = panel.heatmap().unwrap();
        assert_eq!(map.values, array![[0.9, 0.3], [0.2, 1.0]]);
        assert_eq!(map.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["L", "R"]);
        assert_eq!(panel.x.ticks, Ticks::Named(vec![(0.0, "L1".into()), (1.0, "R1".into())]));
        let x = Array2::from_shape_fn((8, 2), |(t, region)| (t * (region + 1)) as f64 % 3.0);
        let plain = carpet(&Array1::linspace(0.0, 7.0, 8), &x);
        let row = plain.heatmap().unwrap().values.row(0).to_owned();
        let sorted = in_order(plain, &[1, 0]);
        assert_eq!(sorted.heatmap().unwrap().values.row(1), row);
    }

    #[test]
    fn what_is_no_order_changes_nothing() {
        let matrix = array![[1.0, 0.2], [0.3, 0.9]];
        for order in [&[0, 0][..], &[0], &[2, 1], &[0, 1, 2]] {
            let panel = in_order(functional_connectivity(&matrix), order);
            assert_eq!(panel.heatmap().unwrap().values, matrix);
        }
    }
}
