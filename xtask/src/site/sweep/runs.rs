//! A sweep whose runs have ended, beside which a bifurcation diagram is drawn.

use brainmass::info::{Setting, Swept};
use brainmass::viz::{Axis, Marker, Panel, Points, Theme};

use super::frame::Frame;
use super::settle::Outcome;
use crate::site::shown::{Shown, figure, unit_text};
use crate::site::zoo::Item;

/// A sweep of a node: what varies and is shown, and what the runs have come to.
pub struct Runs<'a> {
    /// The model.
    pub item: &'a Item,
    /// The parameters and inputs of the page's run.
    pub setting: &'a Setting,
    /// The parameter or input that is swept.
    pub over: Swept,
    /// The name of the signal that is shown.
    pub signal: &'a str,
    /// The values that are swept, rising.
    pub values: &'a [f64],
    /// The ends of the runs.
    pub outcome: &'a Outcome,
}

impl Runs<'_> {
    /// Adds what the runs settle on to a panel of branches that go through some heights, with special points at others, and shows where the runs are.
    pub fn shown(
        &self,
        mut panel: Panel,
        (heights, special): (&[f64], &[f64]),
        mut caption: String,
    ) -> Result<Shown, String> {
        let of_runs = [&self.outcome.low, &self.outcome.high];
        let x: Vec<f64> = of_runs.iter().flat_map(|_| self.values.iter().copied()).collect();
        let y: Vec<f64> = of_runs.into_iter().flatten().copied().collect();
        if let Some(frame) = Frame::choose(&y, heights) {
            let info = self.item.info();
            let unit = info.signal(self.signal).map_or("1", |signal| info.signal_unit(signal));
            panel = frame.of(panel, Axis::new(self.signal).unit(unit_text(unit)));
            caption.push_str(&frame.told(self.signal, special));
        }
        let points = Points::new(&x, &y).radius(1.3).marker(Marker::Open).color(Theme::light().palette[5]);
        let svg = figure(panel.draw(points.label("extremes of runs")), (640.0, 400.0), &caption)?;
        Ok(Shown { svg, caption })
    }
}
