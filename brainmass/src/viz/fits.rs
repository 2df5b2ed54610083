//! Figures of fits.

use ndarray::Array2;

use crate::fit::{Fit, Profile};
use brainmass_viz::{Axis, Panel, Points, Rule, Series, Ticks, loss_curve};

/// The best loss of each start after each of its iterations, see [`loss_curve`]; the start that won is the first.
pub fn fit_history(fit: &Fit) -> Panel {
    let iterations = fit.history.iter().map(|row| row.iteration + 1).max().unwrap_or_default();
    let mut losses = Array2::from_elem((iterations, fit.starts.len()), f64::NAN);
    let mut order: Vec<usize> = (0..fit.starts.len()).collect();
    let loss = |start: &usize| fit.starts[*start].loss.unwrap_or(f64::INFINITY);
    order.sort_by(|a, b| loss(a).total_cmp(&loss(b)));
    let mut column = vec![0; order.len()];
    order.iter().enumerate().for_each(|(rank, start)| column[*start] = rank);
    for row in &fit.history {
        losses[[row.iteration, column[row.start]]] = row.best.unwrap_or(f64::NAN);
    }
    loss_curve(&losses).x(Axis::new("iteration").ticks(Ticks::Whole))
}

/// A profile likelihood, with the level that `rise` above its smallest loss is: values below it are allowed by the data.
pub fn profile_likelihood(profile: &Profile, rise: f64) -> Panel {
    let losses: Vec<f64> = profile.losses.iter().map(|loss| loss.unwrap_or(f64::NAN)).collect();
    let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
    Panel::new()
        .x(Axis::new(profile.name.clone()))
        .y(Axis::new("smallest loss"))
        .draw(Series::new(&profile.values, &losses))
        .draw(Points::new(&profile.values, &losses).radius(2.5))
        .draw(Rule::horizontal(least + rise))
}

#[cfg(test)]
mod tests {
    use super::*;
    use brainmass_fit::fit::{CmaEs, Fitter, NelderMead, Param, ParamValues, Params};
    use brainmass_viz::Mark;

    fn bowl(params: &ParamValues) -> Result<f64, brainmass_fit::fit::LossError> {
        Ok(1.0 + params.scalar("a").powi(2))
    }

    fn params() -> Params {
        Params::new().with("a", Param::new(2.0).bounds(-3.0, 3.0))
    }

    fn series(panel: &Panel) -> Vec<&Series> {
        let lines = panel.marks.iter().filter_map(|mark| match mark {
            Mark::Series(series) => Some(series),
            _ => None,
        });
        lines.collect()
    }

    #[test]
    fn each_start_is_a_line_that_falls_and_the_best_comes_first() {
        let fit = Fitter::new(params(), bowl).method(CmaEs::default()).iterations(6).starts(3).run().unwrap();
        let panel = fit_history(&fit);
        let lines = series(&panel);
        assert_eq!(lines.len(), 3);
        for line in &lines {
            assert!(line.y.windows(2).all(|pair| pair[1] <= pair[0]), "{:?}", line.y);
        }
        assert_eq!(lines[0].y.last(), Some(&fit.loss));
    }

    #[test]
    fn a_profile_shows_its_points() {
        let profile = Profile::new(&params(), &bowl, "a", (-1.0, 1.0), 5, NelderMead::default(), 10).unwrap();
        let panel = profile_likelihood(&profile, 0.5);
        assert_eq!(series(&panel)[0].y[..], [2.0, 1.25, 1.0, 1.25, 2.0]);
    }
}
