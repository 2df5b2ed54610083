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
    Ok(())
}
