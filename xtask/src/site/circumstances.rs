//! Runs of a model as its page shows it: with the parameters, inputs and initial states of the page's run, and one quantity varied from node to
//! node.

use brainmass::dynamics::VectorField;
use brainmass::info::{Setting, Swept};
use brainmass::{Run, Simulator, Values};
use ndarray::ArrayView2;

use super::zoo::Item;

/// The parameters, inputs and initial states of a page's run, and the quantity that differs between the nodes, if one does.
#[derive(Clone, Copy)]
pub struct Circumstances<'a> {
    /// The model.
    pub item: &'a Item,
    /// The page's run.
    pub setting: &'a Setting,
    /// The quantity that is varied.
    pub over: Option<Swept>,
}

impl<'a> Circumstances<'a> {
    /// The circumstances of the page's run, in which all nodes are alike.
    pub fn of_run(item: &'a Item, setting: &'a Setting) -> Self {
        Self { item, setting, over: None }
    }

    /// The step of the page's run, ms: that of the model, unless the run has one of its own.
    pub fn dt(&self) -> f64 {
        self.setting.dt.unwrap_or(self.item.model.integration.dt)
    }

    /// The duration of the page's run, ms.
    pub fn duration(&self) -> f64 {
        self.setting.duration.unwrap_or(100.0)
    }

    /// Creates a simulator of one node for each value, without the noise that the model may have of its own: what is settled, chaotic or accurate
    /// is so by the equations. The nodes begin at `start`, which has the states of each node, or as the page's run does.
    ///
    /// # Errors
    ///
    /// The model has no nodes.
    pub fn simulator(&self, values: &[f64], start: Option<&[Vec<f64>]>) -> Result<Simulator, String> {
        self.build(values, start, false)
    }

    /// Creates such a simulator with the noise that the model has of its own, as its run is shown.
    ///
    /// # Errors
    ///
    /// The model has no nodes.
    pub fn with_noise(&self, values: &[f64]) -> Result<Simulator, String> {
        self.build(values, None, true)
    }

    /// Whether the model has noise of its own.
    pub fn is_noisy(&self) -> bool {
        let info = self.item.info();
        info.states.iter().any(|state| state.noise.is_some())
            || info.inputs.iter().any(|input| input.noise.is_some())
    }

    fn build(&self, values: &[f64], start: Option<&[Vec<f64>]>, noisy: bool) -> Result<Simulator, String> {
        let info = self.item.info();
        let mut model = self.item.nodes(values.len(), Some(self.setting)).ok_or("it has no nodes")?;
        let population = model.population_mut();
        if !noisy {
            population.remove_noise();
        }
        if let Some(Swept::Parameter(index)) = self.over {
            population.set_parameter(index, values.to_vec().into());
        }
        for (state, described) in info.states.iter().enumerate().filter(|_| start.is_some()) {
            let (low, high) = described.bounds.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
            let of_node = |states: &Vec<f64>| states[state].clamp(low, high);
            let states: Vec<f64> = start.into_iter().flatten().map(of_node).collect();
            population.set_initial(state, states.into());
        }
        let mut simulator = Simulator::new(model);
        let held = self.setting.inputs.iter().filter(|(index, _)| self.over != Some(Swept::Input(*index)));
        for &(index, value) in held {
            simulator = simulator.input(info.inputs[index].name.clone(), Values::Scalar(value));
        }
        if let Some(Swept::Input(index)) = self.over {
            simulator = simulator.input(info.inputs[index].name.clone(), Values::PerNode(values.to_vec()));
        }
        Ok(simulator)
    }

    /// Creates the vector field of a node at one value.
    ///
    /// # Errors
    ///
    /// The model has no nodes.
    pub fn field(&self, value: f64) -> Result<VectorField, String> {
        let info = self.item.info();
        let mut model = self.item.nodes(1, Some(self.setting)).ok_or("it has no nodes")?;
        let mut inputs: Vec<(usize, f64)> = self.setting.inputs.to_vec();
        match self.over {
            Some(Swept::Parameter(index)) => model.population_mut().set_parameter(index, value.into()),
            Some(Swept::Input(index)) => inputs.push((index, value)),
            None => {}
        }
        inputs.into_iter().try_fold(VectorField::new(model.as_ref()), |field, (index, input)| {
            field.input(&info.inputs[index].name, input).map_err(|error| error.to_string())
        })
    }

    /// Whether a run can go on from the states that another has reached: delayed states need more than those.
    pub fn is_resumable(&self) -> bool {
        self.item.info().delays.is_empty()
    }

    /// The states of the model, by name.
    pub fn states(&self) -> Vec<String> {
        self.item.info().states.iter().map(|state| state.name.to_string()).collect()
    }

    /// Runs nodes for at least `time` ms, in whole steps, and returns the states that each reaches. With the time 0 it returns the start.
    ///
    /// # Errors
    ///
    /// A run fails.
    pub fn advance(
        &self,
        values: &[f64],
        start: Option<&[Vec<f64>]>,
        dt: f64,
        time: f64,
    ) -> Result<Vec<Vec<f64>>, String> {
        let simulator = self.simulator(values, start)?;
        let steps = (time / dt).ceil() as usize;
        if steps == 0 {
            let population = simulator.model().ok_or("it has no nodes")?.population();
            let count = self.item.info().states.len();
            let node = |node| (0..count).map(|state| population.initial_at(state, node)).collect();
            return Ok((0..values.len()).map(node).collect());
        }
        let run = simulator.dt(dt).every(steps).record(self.states()).run(steps as f64 * dt);
        Ok(self.last(&run.map_err(|error| error.to_string())?))
    }

    /// The states of each node at the end of a run that recorded them.
    pub fn last(&self, run: &Run) -> Vec<Vec<f64>> {
        let states = self.states();
        let node = |node| states.iter().map(|state| run[state.as_str()][[run.ts.len() - 1, node]]).collect();
        let count = states.first().map_or(0, |state| run[state.as_str()].ncols());
        (0..count).map(node).collect()
    }
}

/// The smallest and the largest value of each column.
pub fn extremes(values: ArrayView2<f64>) -> Vec<(f64, f64)> {
    let fold = |(low, high): (f64, f64), x: &f64| (low.min(*x), high.max(*x));
    let columns = values.columns().into_iter();
    columns.map(|column| column.iter().fold((f64::INFINITY, f64::NEG_INFINITY), fold)).collect()
}
