//! Figures of trainings.

use ndarray::Array2;

use crate::training::{History, Score};
use brainmass_viz::{Axis, Dash, Panel, Series, Ticks, loss_curve};

/// Draws the losses of a training over its epochs: solid on the examples learned, dashed on those held out.
pub fn training_loss(history: &History) -> Panel {
    loss_curve(&table(history, |score| score.loss)).title("Loss").labels(["learned", "held out"])
}

/// Draws the accuracies of a training over its epochs, in per cent: solid on the examples learned, dashed on those held out.
pub fn training_accuracy(history: &History) -> Panel {
    let table = table(history, |score| 100.0 * score.accuracy.unwrap_or(f64::NAN));
    let epochs: Vec<f64> = history.epochs.iter().map(|epoch| epoch.number as f64).collect();
    let mut panel =
        Panel::new()
            .title("Accuracy")
            .x(Axis::new("epoch").ticks(Ticks::Whole))
            .y(Axis::new("accuracy").unit("%").limits(0.0, 100.0));
    for (column, dash) in table.columns().into_iter().zip([Dash::Solid, Dash::Dashed]) {
        panel = panel.draw(Series::new(&epochs, column).dash(dash));
    }
    panel.labels(["learned", "held out"])
}

/// Returns a number for each epoch: of the examples learned in the first column and, where any were held out, of these in the second.
fn table(history: &History, number: impl Fn(&Score) -> f64) -> Array2<f64> {
    let columns = 1 + usize::from(history.epochs.iter().any(|epoch| epoch.held_out.is_some()));
    Array2::from_shape_fn((history.epochs.len(), columns), |(row, column)| {
        let epoch = &history.epochs[row];
        if column == 0 { number(&epoch.learned) } else { epoch.held_out.as_ref().map_or(f64::NAN, &number) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Epoch;
    use brainmass_viz::Mark;

    #[test]
    fn plots_show_what_was_learned_and_what_was_held_out() {
        let epoch = |number: usize| Epoch {
            number,
            learned: Score { loss: 1.0 / number as f64, accuracy: Some(0.5) },
            held_out: (number == 2).then_some(Score { loss: 0.25, accuracy: None }),
            rate: 0.01,
            gradient: 3.0,
        };
        let history = History { epochs: vec![epoch(1), epoch(2)] };
        let drawn = |panel: Panel| {
            let series = panel.marks.iter().filter_map(|mark| match mark {
                Mark::Series(series) => Some((series.label.clone(), series.y[1])),
                _ => None,
            });
            series.collect::<Vec<_>>()
        };
        assert_eq!(drawn(training_loss(&history)), [("learned".into(), 0.5), ("held out".into(), 0.25)]);
        assert_eq!(drawn(training_accuracy(&history))[0], ("learned".into(), 50.0));
    }
}
