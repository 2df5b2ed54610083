//! Connectivity of regions and its dynamics.

use ndarray::{Array2, ArrayView2, Axis as Dimension};

use crate::axis::{Axis, Group, Ticks};
use crate::marks::{Colors, Heatmap, Mark, counted};
use crate::panel::Panel;

/// Draws structural connectivity: weights of shape (target, source), on logarithmic colours where they span more than two powers of
/// ten. Absent connections (zero) are grey there.
pub fn connectivity<'a>(weights: impl Into<ArrayView2<'a, f64>>) -> Panel {
    let weights = weights.into();
    let present = || weights.iter().copied().filter(|w| w.is_finite() && *w != 0.0);
    let (least, most) = (present().fold(f64::INFINITY, f64::min), present().fold(0.0, f64::max));
    let heatmap = Heatmap::new(weights).label("weight");
    let heatmap = match () {
        () if least > 0.0 && most > 100.0 * least => heatmap.log(),
        () if least < 0.0 => heatmap.colors(Colors::Diverging),
        () => heatmap,
    };
    Panel::from(heatmap).x_label("source region", "").y_label("target region", "")
}

/// Draws functional connectivity: correlations of shape (region, region), on diverging colours from -1 to 1.
pub fn functional_connectivity<'a>(fc: impl Into<ArrayView2<'a, f64>>) -> Panel {
    let heatmap = Heatmap::new(fc).colors(Colors::Diverging).limits(-1.0, 1.0).label("Pearson r");
    Panel::from(heatmap).x_label("region", "").y_label("region", "")
}

/// Draws functional connectivity dynamics: correlations of the functional connectivity of time windows, of shape (window, window).
/// Windows begin every `step` ms.
pub fn fcd<'a>(fcd: impl Into<ArrayView2<'a, f64>>, step: f64) -> Panel {
    let fcd = fcd.into();
    let seconds = 1e-3 * step;
    let end = |n: usize| (-0.5 * seconds, (n as f64 - 0.5) * seconds);
    let heatmap =
        Heatmap::new(fcd).edges(end(fcd.ncols()), end(fcd.nrows())).limits(0.0, 1.0).label("Pearson r");
    let mut panel = Panel::from(heatmap).x_label("window start", "s").y_label("window start", "s");
    (panel.x.ticks, panel.y.ticks) = (Ticks::Auto, Ticks::Auto);
    panel
}

/// Names the regions of a matrix along every axis that has one cell for each name: both of a connectivity, the vertical one of a [`carpet`].
/// Where there is no room for all names, every n-th stands.
///
/// [`carpet`]: super::carpet
pub fn with_regions<S: AsRef<str>>(mut panel: Panel, names: &[S]) -> Panel {
    let of_regions = |edges, cells| cells == names.len() && edges == counted(cells);
    let Some(map) = panel.heatmap() else { return panel };
    let along = [of_regions(map.x, map.values.ncols()), of_regions(map.y, map.values.nrows())];
    let named =
        || names.iter().enumerate().map(|(region, name)| (region as f64, name.as_ref().into())).collect();
    for (axis, _) in [&mut panel.x, &mut panel.y].into_iter().zip(along).filter(|(_, named)| *named) {
        axis.ticks = Ticks::Named(named());
        axis.label.clear();
    }
    panel
}

/// Sorts the regions of a square matrix by network and brackets the networks, which stand in the order of their first region;
/// `networks` names the network of each region. Missing names at the end count as one network without a name.
///
/// ```
/// # use brainmass_viz::{functional_connectivity, with_networks};
/// # use ndarray::array;
/// let fc = array![[1.0, 0.1, 0.8], [0.1, 1.0, 0.2], [0.8, 0.2, 1.0]];
/// let panel = with_networks(functional_connectivity(&fc), &["Vis", "SomMot", "Vis"]);
/// ```
pub fn with_networks<S: AsRef<str>>(mut panel: Panel, networks: &[S]) -> Panel {
    let name = |region: usize| networks.get(region).map_or("", AsRef::as_ref);
    for mark in &mut panel.marks {
        let Mark::Heatmap(heatmap) = mark else { continue };
        let regions = heatmap.values.nrows();
        if regions != heatmap.values.ncols() {
            continue;
        }
        let mut names: Vec<&str> = Vec::new();
        for region in 0..regions {
            if !names.contains(&name(region)) {
                names.push(name(region));
            }
        }
        let members = |network: &str| (0..regions).filter(|&r| name(r) == network).collect::<Vec<_>>();
        let mut order = Vec::new();
        heatmap.groups.clear();
        for network in names {
            let start = order.len() as f64 - 0.5;
            order.extend(members(network));
            heatmap.groups.push(Group { name: network.into(), start, end: order.len() as f64 - 0.5 });
        }
        heatmap.values = sorted(heatmap.values.view(), &order);
        let ticks = Ticks::Groups(heatmap.groups.clone());
        panel.x = Axis { label: String::new(), ticks: ticks.clone(), ..panel.x.clone() };
        panel.y = Axis { label: String::new(), ticks, ..panel.y.clone() };
    }
    panel
}

fn sorted(matrix: ArrayView2<'_, f64>, order: &[usize]) -> Array2<f64> {
    matrix.select(Dimension(0), order).select(Dimension(1), order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::axis::Scale;
    use ndarray::array;

    #[test]
    fn weights_over_many_decades_get_logarithmic_colours() {
        let scale = |panel: Panel| panel.heatmap().unwrap().scale;
        assert_eq!(scale(connectivity(&array![[0.0, 1e-4], [0.3, 0.0]])), Scale::Log);
        assert_eq!(scale(connectivity(&array![[0.0, 0.1], [0.3, 0.0]])), Scale::Linear);
        let signed = connectivity(&array![[0.0, -0.1], [0.3, 0.0]]);
        assert_eq!(signed.heatmap().unwrap().colors, Colors::Diverging);
    }

    #[test]
    fn networks_sort_rows_and_columns_alike() {
        let fc = array![[1.0, 0.1, 0.8], [0.1, 1.0, 0.2], [0.8, 0.2, 1.0]];
        let panel = with_networks(functional_connectivity(&fc), &["Vis", "SomMot", "Vis"]);
        let map = panel.heatmap().unwrap();
        assert_eq!(map.values, array![[1.0, 0.8, 0.1], [0.8, 1.0, 0.2], [0.1, 0.2, 1.0]]);
        let spans: Vec<_> = map.groups.iter().map(|g| (g.name.as_str(), g.start, g.end)).collect();
        assert_eq!(spans, [("Vis", -0.5, 1.5), ("SomMot", 1.5, 2.5)]);
    }

    #[test]
    fn long_names_of_regions_are_turned_below_the_matrix() {
        let names: Vec<String> = (0..10).map(|i| format!("Frontal_Sup_{i}")).collect();
        let panel = with_regions(connectivity(&Array2::<f64>::eye(10)), &names);
        let svg = crate::Figure::new().panel(panel).to_svg().unwrap();
        let count =
            |part: &str| svg.lines().filter(|l| l.contains("Frontal_Sup_7") && l.contains(part)).count();
        assert_eq!((count("<text"), count("rotate(-90")), (2, 1));
    }

    #[test]
    fn names_go_along_the_axes_that_count_regions() {
        let ts = ndarray::Array1::linspace(0.0, 9.0, 10);
        let panel = with_regions(
            crate::carpet(&ts, Array2::<f64>::eye(10).slice(ndarray::s![.., ..3])),
            &["a", "b", "c"],
        );
        let named = |axis: &Axis| matches!(&axis.ticks, Ticks::Named(names) if names.len() == 3);
        assert!(named(&panel.y) && !named(&panel.x) && panel.x.label == "time");
        let other = with_regions(functional_connectivity(&Array2::<f64>::eye(4)), &["a", "b", "c"]);
        assert_eq!((&other.x.ticks, other.x.label.as_str()), (&Ticks::Whole, "region"));
    }

    #[test]
    fn windows_of_dynamics_are_in_seconds() {
        let panel = fcd(&Array2::<f64>::eye(10), 3600.0);
        let x = panel.heatmap().unwrap().x;
        assert!((x.0 + 1.8).abs() < 1e-12 && (x.1 - 34.2).abs() < 1e-12);
    }
}
