//! Models of one's own: this is all the Rust that they need.

mod zoo {
    brainmass::include_models!("models");
}

use brainmass::prelude::*;

fn main() -> Result<(), brainmass::RunError> {
    for entry in zoo::MODELS.iter().chain(zoo::cells::MODELS) {
        println!("{}: {} states, {}", entry.info.name, entry.info.n_state_vars(), entry.info.use_case);
    }
    let decay = zoo::DecayStep::new(2).r#fn(1.0).r#type(20.0.ms()).init_x([1.0, 2.0]);
    let run = Simulator::new(decay).dt(0.1.ms()).record(["x", "half"]).every(100).run(20.0.ms())?;
    println!("x = {:.6} after one time constant", run["x"][[1, 0]]);
    println!("half = {:.6}", run["half"][[1, 1]]);

    // A quantity of the wrong kind is an error of the run, with the line of the call.
    let wrong = zoo::DecayStep::new(1).r#type(3.25.mv());
    if let Err(error) = Simulator::new(wrong).run(1.0) {
        println!("error: {error}");
    }

    // Experiment files know the models, too.
    let zoo = brainmass::Zoo::default().with("mine", zoo::MODELS).expect("no two models have one name");
    let text = "{model: DecayStep, parameters: {fn: 1, type: 20 ms}, initial: {x: 1}, dt: 0.1 ms, duration: 20 ms, every: 200, record: x}";
    match brainmass::experiment::Reader::new().zoo(&zoo).read("decay.yaml", text) {
        Ok(experiment) => println!("x = {:.6} from a file", experiment.run()?["x"][[0, 0]]),
        Err(report) => println!("{report}"),
    }
    Ok(())
}
