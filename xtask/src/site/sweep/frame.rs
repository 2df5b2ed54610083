//! The part of a bifurcation diagram that its picture shows: branches may go on far away from where the model ever is.

use brainmass::viz::{Axis, Panel};

use crate::site::shown::short;

/// Branches that are so many times as tall as what is near the runs do not all fit into the picture.
const TALL: f64 = 3.0;
/// The room above and below what the runs show within which branches belong to it, and the margin of the picture, as parts of the height.
const ROOM: f64 = 0.5;
const MARGIN: f64 = 0.06;

/// The part of the vertical axis that is shown, where that is not all of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    low: f64,
    high: f64,
    /// The ends of all branches.
    whole: (f64, f64),
}

impl Frame {
    /// Chooses the part that shows what `runs` show and the parts of branches near them; `None` where the branches fit.
    pub fn choose(runs: &[f64], branches: &[f64]) -> Option<Self> {
        let hull = |values: &mut dyn Iterator<Item = f64>| {
            values
                .filter(|value| value.is_finite())
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                    (low.min(value), high.max(value))
                })
        };
        let shown = hull(&mut runs.iter().copied());
        let whole = hull(&mut branches.iter().chain(runs).copied());
        let height = shown.1 - shown.0;
        if !(height > 0.0 && whole.1 - whole.0 > TALL * height) {
            return None;
        }
        let near = |value: &f64| *value >= shown.0 - ROOM * height && *value <= shown.1 + ROOM * height;
        let (low, high) = hull(&mut branches.iter().copied().filter(near).chain([shown.0, shown.1]));
        let margin = MARGIN * (high - low);
        (whole.1 - whole.0 > TALL * (high - low)).then_some(Self {
            low: low - margin,
            high: high + margin,
            whole,
        })
    }

    /// Shows that part of a panel alone.
    pub fn of(self, panel: Panel, axis: Axis) -> Panel {
        panel.y(axis.limits(self.low, self.high))
    }

    /// Says what is not shown, of branches and of special points at some heights.
    pub fn told(self, signal: &str, special: &[f64]) -> String {
        let (low, high) = self.whole;
        let outside = special.iter().filter(|height| **height < self.low || **height > self.high).count();
        let unseen = match outside {
            0 => String::new(),
            1 => ", with one of the special points".to_owned(),
            count => format!(", with {count} of the special points"),
        };
        let ends = match (low < self.low, high > self.high) {
            (true, true) => format!("{signal} goes down to {} and up to {}", short(low), short(high)),
            (true, false) => format!("{signal} goes down to {}", short(low)),
            _ => format!("{signal} goes up to {}", short(high)),
        };
        format!(" The picture shows where the runs are; branches leave it: along them {ends}{unseen}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_shows_where_the_runs_are_and_says_what_leaves_it() {
        // A branch at negative rates, far below what runs show.
        let branches: Vec<f64> = (0..100).map(|i| -40.0 + 0.4 * f64::from(i)).collect();
        let frame = Frame::choose(&[0.1, 0.9, f64::NAN], &branches).expect("it leaves the picture");
        assert!(frame.low < 0.1 && frame.low > -0.5 && frame.high > 0.9 && frame.high < 1.5, "{frame:?}");
        let told = frame.told("r", &[-20.0, 0.5, -3.0]);
        assert!(told.ends_with("along them r goes down to -40, with 2 of the special points."), "{told}");
        // What is twice as tall fits.
        assert_eq!(Frame::choose(&[0.0, 1.0], &[-0.5, 1.5]), None);
        // A run that rests shows no height.
        assert_eq!(Frame::choose(&[0.5, 0.5], &branches), None);
    }
}
