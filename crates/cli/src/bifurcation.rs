//! The command `brainmass bifurcation`.

use std::f64::consts::TAU;
use std::path::PathBuf;

use brainmass::Zoo;
use brainmass::continuation::{DelayedNode, Diagram, Equilibria, Signal, SpecialKind, Watch};
use brainmass::experiment::{ContinuationPlan, Reader};
use brainmass::io::write_file;
use brainmass::viz::{Figure, bifurcation_diagram};
use brainmass_spec::collection::{Content, content};
use brainmass_spec::problem::Problems;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use crate::command_line::CommandLine;
use crate::failure::{Failure, told, warn};
use crate::figure::Page;
use crate::flags::{self, Given, is_file_name};
use crate::interrupt::Interrupts;
use crate::models::{self, Folders};
use crate::outputs::{self, Writer};
use crate::table::Table;
use crate::terminal::Terminal;
use crate::{bifurcation_phase as phase, bifurcation_plane, bifurcation_report as report, file, progress};

/// Follow equilibria and cycles of a model over a parameter.
#[derive(Args)]
#[command(after_help = "\
Equilibria are followed through folds and branch points, limit cycles from Hopf points on. The table lists the
special points: LP fold, HB Hopf, BP branch point; of cycles LPC fold, PD period doubling, NS torus, BPC branch
point, HOM homoclinic orbit, SNIC saddle-node on an invariant circle. Lines of stable states are solid in the
figure, those of unstable ones dashed.

Examples:
  brainmass bifurcation JansenRitStep --over E_inp=-100..400Hz --plot jansen_rit.png
  brainmass bifurcation WilsonCowanStep --over rE_inp=-1..5 --preset limit_cycle_1972 --out branches.csv
  brainmass bifurcation JansenRitStep --over E_inp=0..400Hz --and C=60..270 --plot chart.png
  brainmass bifurcation my_model.yaml --over gain=0..10 --set tau=5ms --of x
  brainmass bifurcation MontbrioPazoRoxinStep --over eta=-10..2 --set delta=1000Hz --equilibria --json
  brainmass bifurcation JansenRitStep --over E_inp=0..400Hz --phase-response 220Hz --plot response.png
  brainmass bifurcation experiment.yaml

Of an experiment file, its section `continuation` is made, with the model, the parameters and the constant inputs of
the experiment; flags replace what it says. Ctrl-C ends the computation and keeps what was found until then.")]
pub struct Arguments {
    /// A model, a model file, or an experiment file with a section `continuation`.
    #[arg(value_name = "MODEL|FILE")]
    subject: PathBuf,
    #[command(flatten)]
    folders: Folders,
    #[command(flatten)]
    flags: Flags,
    #[command(flatten)]
    page: Page,
    /// Prints the special points as JSON.
    #[arg(long, conflicts_with_all = ["and", "phase_response"])]
    json: bool,
}

/// The flags that stand for keys of the section, and those for keys of the experiment.
struct Flags {
    section: Given,
    node: Given,
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let command = flags::add(command, &flags::BIFURCATION, &[]);
        flags::add(command, &flags::NODE, &flags::NOT_OF_NODE)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(Self {
            section: Given::of(matches, &flags::BIFURCATION, &[]),
            node: Given::of(matches, &flags::NODE, &flags::NOT_OF_NODE),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), Failure> {
    let zoo = arguments.folders.zoo()?;
    let (plan, inputs) = plan(arguments, &zoo)?;
    outputs::check(&inputs, &files(&plan))?;
    if !plan.model.delays.is_empty() {
        return delayed(arguments, &plan, terminal);
    }
    let interrupts = Interrupts::note().map_err(Failure::new)?;
    let (bar, advance) = progress::spinner();
    let asked = interrupts.clone();
    let watch = Watch::new(move |followed| {
        advance(followed.points, followed.cycles);
        asked.caught().is_none()
    });
    let mut writer = Writer::default();
    let is_cut = if let Some(and) = &plan.and {
        let plane = plan.plane(&watch).map_err(Failure::new)?;
        bar.finish_and_clear();
        let Some(plane) = plane else { return Err(Failure::new(format!("`{}` does not vary", and.0))) };
        let units = [report::unit_of(&plan.model, &plan.over.0), report::unit_of(&plan.model, &and.0)];
        bifurcation_plane::report(&plane, units, &plan.model.name, terminal)?;
        if let Some(path) = &plan.plot {
            let figure = bifurcation_plane::figure(&plane, units, title(&plan));
            let figure = arguments.page.shape(figure, (760.0, 460.0));
            writer.write(path, |path| figure.save(path).map_err(Failure::new));
        }
        for path in &plan.output {
            let text = bifurcation_plane::table(&plane);
            writer.write(path, |path| write_file(path, text.as_bytes()).map_err(Failure::new));
        }
        plane.is_cut()
    } else {
        let diagram = plan.diagram(watch).map_err(Failure::new)?;
        bar.finish_and_clear();
        let signal = diagram.signal(&plan.model, plan.of.as_deref()).map_err(Failure::new)?;
        if let Some(value) = plan.phase_response {
            return phases(arguments, &plan, (&diagram, &signal), value, terminal);
        }
        match arguments.json {
            true => report::json(&diagram, terminal)?,
            false => report::print(&diagram, &signal, &plan.model.name, terminal)?,
        }
        if let Some(path) = &plan.plot {
            writer.write(path, |path| {
                figure(&plan, &diagram, &signal, &arguments.page).save(path).map_err(Failure::new)
            });
        }
        for path in &plan.output {
            let text = report::table(&diagram);
            writer.write(path, |path| write_file(path, text.as_bytes()).map_err(Failure::new));
        }
        diagram.is_cut()
    };
    writer.failed(interrupts.caught().filter(|_| is_cut).map(|signal| {
        let message = format!("{}: branches are missing or end early", signal.name());
        Failure::Interrupted { signal, message }
    }));
    writer.finish()
}

/// Computes the phase responses of the cycles at a value.
fn phases(
    arguments: &Arguments,
    plan: &ContinuationPlan,
    (diagram, signal): (&Diagram, &Signal),
    value: f64,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let all = phase::of(diagram, signal, value)?;
    phase::print(&all, diagram, signal, terminal)?;
    let mut writer = Writer::default();
    if let Some(path) = &plan.plot {
        let units: Vec<&str> = plan.model.states.iter().map(|state| state.unit.text.as_str()).collect();
        let named = format!("{}: phase response", title(plan));
        let figure = phase::figure(&all, diagram, signal, &units, &named);
        let rows = (units.len() + 2) / 2;
        let figure = arguments.page.shape(figure, (760.0, 60.0 + 190.0 * rows as f64));
        writer.write(path, |path| figure.save(path).map_err(Failure::new));
    }
    for path in &plan.output {
        let text = phase::table(&all, diagram);
        writer.write(path, |path| write_file(path, text.as_bytes()).map_err(Failure::new));
    }
    writer.finish()
}

/// Reads the diagram that the flags ask for, with those of a file; and the files that were read.
fn plan(arguments: &Arguments, zoo: &Zoo) -> Result<(ContinuationPlan, Vec<PathBuf>), Failure> {
    let name = arguments.subject.to_string_lossy();
    let is_file = is_file_name(&name) || arguments.subject.is_file();
    let mut reader = Reader::new().zoo(zoo).without_fit().without_sweep();
    let root = if is_file { Some(file::tree(&arguments.subject)?) } else { None };
    let is_model = root.as_ref().is_none_or(|root| content(root) == Content::Model);
    let mut line = if is_model {
        if !is_file {
            // For the message with what may have been meant.
            models::find(zoo, &name)?;
        }
        let mut line = CommandLine::new("brainmass bifurcation");
        line.model(&name);
        line
    } else {
        CommandLine::new(&format!("brainmass bifurcation {name}"))
    };
    let tree = match root {
        Some(root) if is_model => {
            reader = reader.text_of(&arguments.subject, root.span.source.text.clone());
            None
        }
        Some(root) => {
            reader = reader.file(&arguments.subject);
            Some(root)
        }
        None => None,
    };
    let has_section = tree.as_ref().is_some_and(|tree| tree.entry("continuation").is_some());
    if !has_section && arguments.flags.section.text("over").is_none() {
        let failure = Failure::new("nothing says what varies in the diagram");
        return Err(failure.hint(match is_model {
            true => "write for example `--over E_inp=0..400Hz`",
            false => "give the file a section, as in `continuation: {over: {E_inp: 0..400 Hz}}`, or write `--over E_inp=0..400Hz`",
        }));
    }
    arguments.flags.section.write(&mut line, Some("continuation"));
    arguments.flags.node.write(&mut line, None);
    let mut problems = Problems::default();
    let root = line.over(tree, &mut problems);
    let experiment = told(problems, reader.of(&root).map_err(Failure::from))?;
    warn(&experiment.warnings);
    let mut plan =
        experiment.continuation.ok_or_else(|| Failure::new("there is no section `continuation`"))?;
    // Names of files may be no text, which all else goes through.
    let (output, plot) = (arguments.flags.section.files("output"), arguments.flags.section.files("plot"));
    if !output.is_empty() {
        plan.output = output;
    }
    plan.plot = plot.into_iter().next().or(plan.plot);
    Ok((plan, experiment.files))
}

/// Lists the files that a diagram is written to.
pub fn files(plan: &ContinuationPlan) -> Vec<&PathBuf> {
    plan.output.iter().chain(&plan.plot).collect()
}

/// Says what a diagram is of: `diagram over E_inp from 0 to 400 Hz and C from 60 to 270`.
pub fn describe(plan: &ContinuationPlan) -> String {
    let ranges = [Some(&plan.over), plan.and.as_ref()].into_iter().flatten().map(|(name, range)| {
        let unit = report::with_blank(report::unit_of(&plan.model, name));
        format!("{name} from {} to {}{unit}", models::number(range.from), models::number(range.to))
    });
    format!("diagram over {}", ranges.collect::<Vec<_>>().join(" and "))
}

/// Lists folds, branch points and Hopf points of a model that reads its own states with delays; cycles and figures are not made of such models.
fn delayed(arguments: &Arguments, plan: &ContinuationPlan, terminal: &mut Terminal) -> Result<(), Failure> {
    let (over, range) = (&plan.over.0, plan.over.1);
    if plan.plot.is_some() || !plan.output.is_empty() || arguments.json {
        let failure = Failure::new(format!("`{}` reads its own states with delays", plan.model.name));
        return Err(failure
            .hint("its special points are printed; --plot, --out and --json are for models without delays"));
    }
    let node = DelayedNode::new(&plan.model, &plan.setting, over).map_err(Failure::new)?;
    let equilibria = Equilibria::search(node.equations(), range);
    let mut table = Table::new(["", "point", "at", "about"]);
    let mut rows: Vec<(f64, [String; 4])> = Vec::new();
    // Folds and branch points are the same with delays and without.
    for special in equilibria.special().into_iter().filter(|special| special.kind != SpecialKind::Hopf) {
        let value = special.point.value;
        let about = String::new();
        rows.push((
            value,
            [special.kind.letters().to_owned(), special.kind.name().to_owned(), format!("{value:.7}"), about],
        ));
    }
    for hopf in node.hopf_points(&equilibria) {
        let value = hopf.point.value;
        let about = format!("frequency {:.6} rad/ms, period {:.6} ms", hopf.frequency, TAU / hopf.frequency);
        rows.push((value, ["HB".to_owned(), "Hopf".to_owned(), format!("{value:.7}"), about]));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    terminal.line(format!(
        "{} over {over}, with its delays: {} of equilibria.",
        plan.model.name,
        report::counted(equilibria.branches.len())
    ))?;
    rows.into_iter().for_each(|(_, row)| table.row(row));
    table.lines(terminal.width, terminal.paint).iter().try_for_each(|line| terminal.line(line))
}

fn title(plan: &ContinuationPlan) -> &str {
    if plan.model.title.is_empty() { &plan.model.name } else { &plan.model.title }
}

fn figure(plan: &ContinuationPlan, diagram: &Diagram, signal: &Signal, page: &Page) -> Figure {
    let figure = Figure::new().title(format!("{} over {}", title(plan), diagram.over));
    page.shape(figure.panel(bifurcation_diagram(diagram, signal)), (760.0, 460.0))
}
