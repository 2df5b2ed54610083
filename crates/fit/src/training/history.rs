//! How a training went.

/// How well a stack does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The mean loss.
    pub loss: f64,
    /// The share of items put into their class; `None` where there are no classes.
    pub accuracy: Option<f64>,
}

/// One pass through all examples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// Counted from 1.
    pub number: usize,
    /// On the examples learned, in the mean over the batches, each before its step.
    pub learned: Score,
    /// On the examples held out, after the epoch; `None` where there are none.
    pub held_out: Option<Score>,
    /// The learning rate of the last batch.
    pub rate: f64,
    /// The length of the gradient, in the mean over the batches, before it was shortened.
    pub gradient: f64,
}

/// All epochs of a training.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// In their order.
    pub epochs: Vec<Epoch>,
}

impl History {
    /// The last epoch.
    pub fn last(&self) -> Option<&Epoch> {
        self.epochs.last()
    }

    /// As a table: `epoch,loss,accuracy,held_out_loss,held_out_accuracy,rate,gradient`; what there is not is left empty.
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
