//! What every step of a part of a run read.

use crate::gradient::reverse::edges::EdgesBack;
use crate::gradient::reverse::edges::EdgesTape;
use crate::runtime::Session;

pub(crate) struct Tape {
    pub groups: Vec<GroupTape>,
    pub couplings: EdgesTape,
}

/// The part of a group: rows of states and of inputs.
pub(crate) struct GroupTape {
    states: Vec<f64>,
    inputs: Vec<f64>,
    /// Values of a row of states and of one of inputs.
    widths: (usize, usize),
}

impl Tape {
    /// Empty, for so many steps from where the session stands.
    pub fn new(session: &Session, couplings: &EdgesBack, steps: usize) -> Self {
        let groups = session.groups.iter().map(|group| {
            let widths = (group.states().len(), group.inputs().len());
            GroupTape {
                states: Vec::with_capacity((steps + 1) * widths.0),
                inputs: Vec::with_capacity(steps * widths.1),
                widths,
            }
        });
        Self { groups: groups.collect(), couplings: couplings.tape(&session.couplings, steps) }
    }

    /// Bytes that it takes for each step, and beside that.
    pub fn bytes(session: &Session, couplings: &EdgesBack) -> (usize, usize) {
        let (mut a_step, mut fixed) = couplings.tape_bytes();
        for group in &session.groups {
            a_step += size_of_val(group.states()) + size_of_val(group.inputs());
            fixed += size_of_val(group.states());
        }
        (a_step, fixed)
    }

    /// Takes in the step that was just made.
    pub fn push(&mut self, session: &Session, couplings: &EdgesBack) {
        for (tape, group) in self.groups.iter_mut().zip(&session.groups) {
            tape.states.extend_from_slice(group.before());
            tape.inputs.extend_from_slice(group.inputs());
        }
        self.couplings.push(couplings, &session.couplings, &session.groups);
    }

    /// Ends it with the states after the last step.
    pub fn close(&mut self, session: &Session) {
        for (tape, group) in self.groups.iter_mut().zip(&session.groups) {
            tape.states.extend_from_slice(group.states());
        }
    }
}

impl GroupTape {
    /// States before the step of a row; those of the next row are the states after it.
    pub fn states(&self, row: usize) -> &[f64] {
        &self.states[row * self.widths.0..(row + 1) * self.widths.0]
    }

    /// Inputs of the step of a row.
    pub fn inputs(&self, row: usize) -> &[f64] {
        &self.inputs[row * self.widths.1..(row + 1) * self.widths.1]
    }
}
