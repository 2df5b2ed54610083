//! The command `brainmass bench`.

use brainmass::Scheme;
use brainmass::any::AnyModel;
use brainmass::bench::{self, Speed};
use clap::Args;

use crate::failure::Failure;
use crate::models::{self, Folders};
use crate::table::Table;
use crate::terminal::Terminal;

/// Measure how fast models run on this machine.
#[derive(Args)]
#[command(after_help = "\
Examples:
  brainmass bench JansenRitStep
  brainmass bench HopfStep JansenRitStep --nodes 1000 --scheme rk4
  brainmass bench my_model.yaml
  BRAINMASS_SIMD=portable brainmass bench HopfStep
  brainmass bench HopfStep --json | jq '.[].per_node_step'")]
pub struct Arguments {
    /// Models or model files: uncoupled nodes at their defaults, recorded every 10 steps.
    #[arg(required = true, value_name = "MODEL|FILE")]
    subjects: Vec<String>,
    #[command(flatten)]
    folders: Folders,
    /// Nodes of each model.
    #[arg(long, value_name = "N", default_value = "90", value_parser = clap::value_parser!(u32).range(1..))]
    nodes: u32,
    /// Integration scheme [default: the model's own, mostly heun].
    #[arg(long, value_name = "NAME")]
    scheme: Option<Scheme>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let nodes = arguments.nodes as usize;
    let zoo = arguments.folders.zoo()?;
    // All of them are found before the first is measured.
    let all: Vec<Box<dyn AnyModel>> = arguments
        .subjects
        .iter()
        .map(|name| models::nodes(&models::find(&zoo, name)?, nodes))
        .collect::<Result<_, Failure>>()?;
    let measure = |nodes| bench::nodes_alone(nodes, arguments.scheme).map_err(Failure::new);
    let speeds: Vec<Speed> = all.into_iter().map(measure).collect::<Result<_, Failure>>()?;
    if arguments.json {
        return terminal.line(serde_json::to_string_pretty(&speeds).map_err(Failure::new)?);
    }
    let mut table = Table::new(["model", "nodes", "scheme", "instructions", "ns/node/step", "steps/s"]);
    for speed in speeds {
        table.row([
            speed.model,
            speed.nodes.to_string(),
            speed.scheme.to_string(),
            speed.simd.to_owned(),
            format!("{:.2}", speed.per_node_step),
            format!("{:.0}", speed.steps_per_second),
        ]);
    }
    table.lines(terminal.width, terminal.paint).iter().try_for_each(|line| terminal.line(line))
}
