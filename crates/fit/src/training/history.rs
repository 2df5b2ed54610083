//! The course of a training, epoch by epoch.

/// The score of a stack on examples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The mean loss over the examples.
    pub loss: f64,
    /// The share of items that are put into their class, 0 to 1; `None` where there are no classes.
    pub accuracy: Option<f64>,
}

/// An epoch: one pass through all examples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// The number of the epoch, counted from 1.
    pub number: usize,
    /// The score on the examples that are learned: the mean over the batches, each before its step.
    pub learned: Score,
    /// The score on the examples that are held out, after the epoch; `None` where there are none.
    pub held_out: Option<Score>,
    /// The learning rate of the last batch.
    pub rate: f64,
    /// The Euclidean length of the gradient before clipping: the mean over the batches.
    pub gradient: f64,
}

/// The history of a training: all of its epochs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// The epochs in their order.
    pub epochs: Vec<Epoch>,
}

impl History {
    /// Returns the last epoch; `None` where there was none.
    pub fn last(&self) -> Option<&Epoch> {
        self.epochs.last()
    }

    /// Writes the history as CSV text with the columns `epoch,loss,accuracy,held_out_loss,held_out_accuracy,rate,gradient`. What does not
    /// exist is left empty.
    pub fn to_csv(&self) -> String {
        let mut text = String::from("epoch,loss,accuracy,held_out_loss,held_out_accuracy,rate,gradient\n");
        let cell = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        for epoch in &self.epochs {
            let (learned, held_out) = (epoch.learned, epoch.held_out);
            text.push_str(&format!(
                "{},{},{},{},{},{},{}\n",
                epoch.number,
                learned.loss,
                cell(learned.accuracy),
                cell(held_out.map(|score| score.loss)),
                cell(held_out.and_then(|score| score.accuracy)),
                epoch.rate,
                epoch.gradient,
            ));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history() -> History {
        let epoch = |number: usize| Epoch {
            number,
            learned: Score { loss: 1.0 / number as f64, accuracy: Some(0.5) },
            held_out: (number == 2).then_some(Score { loss: 0.25, accuracy: None }),
            rate: 0.01,
            gradient: 3.0,
        };
        History { epochs: vec![epoch(1), epoch(2)] }
    }

    #[test]
    fn the_table_has_a_line_for_each_epoch() {
        let expected = "epoch,loss,accuracy,held_out_loss,held_out_accuracy,rate,gradient\n\
                        1,1,0.5,,,0.01,3\n\
                        2,0.5,0.5,0.25,,0.01,3\n";
        assert_eq!(history().to_csv(), expected);
    }
}
