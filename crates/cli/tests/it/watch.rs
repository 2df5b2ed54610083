//! `brainmass run --watch`: the run begins again when a file is saved.
#![cfg(unix)]

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::program::brainmass;

const DECAY: &str = "name: DecayStep\ncategory: phenomenological\nparameters: {a: {default: 0.1 /ms}}\nstates: {x: {init: 1}}\n\
                     derivatives: {x: -a*x}\noutput: x\n";

/// A command that runs, and what it has printed.
struct Watching {
    child: Child,
    pieces: Receiver<(bool, Vec<u8>)>,
    out: String,
    errors: String,
}

impl Watching {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = brainmass(folder, arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        let (sender, pieces) = channel();
        let streams: [(bool, Box<dyn Read + Send>); 2] = [
            (false, Box::new(child.stdout.take().expect("a pipe"))),
            (true, Box::new(child.stderr.take().expect("a pipe"))),
        ];
        for (is_error, mut stream) in streams {
            let sender = sender.clone();
            thread::spawn(move || {
                let mut bytes = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut bytes) {
                    if sender.send((is_error, bytes[..count].to_vec())).is_err() {
                        break;
                    }
                }
            });
        }
        Self { child, pieces, out: String::new(), errors: String::new() }
    }

    /// Waits until the command has said that it waits once more, and returns what it said since the last time, on both streams.
    fn turn(&mut self) -> (String, String) {
        let began = Instant::now();
        while !self.out.contains("Ctrl-C ends\n") {
            let left = Duration::from_secs(60).saturating_sub(began.elapsed());
            let piece = self.pieces.recv_timeout(left);
            let (is_error, bytes) =
                piece.unwrap_or_else(|_| panic!("it waits: {} {}", self.out, self.errors));
            let to = if is_error { &mut self.errors } else { &mut self.out };
            to.push_str(&String::from_utf8_lossy(&bytes));
        }
        // Errors are printed before the last line of the other stream, yet may come through later.
        while let Ok((is_error, bytes)) = self.pieces.recv_timeout(Duration::from_millis(50)) {
            let to = if is_error { &mut self.errors } else { &mut self.out };
            to.push_str(&String::from_utf8_lossy(&bytes));
        }
        assert_eq!(self.out.matches("Ctrl-C ends\n").count(), 1, "it ran twice: {}", self.out);
        (std::mem::take(&mut self.out), std::mem::take(&mut self.errors))
    }

    /// Asks the command to end, and returns its status.
    fn end(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill runs").success());
        self.child.wait().expect("it ends").code()
    }
}

#[test]
fn a_run_begins_again_when_its_model_is_saved() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("decay.yaml");
    fs::write(&path, DECAY).expect("written");
    let arguments = ["run", "decay.yaml", "--watch", "--duration", "10ms", "--plot", "decay.svg"];
    let mut watching = Watching::start(folder.path(), &arguments);
    let (first, errors) = watching.turn();
    assert!(
        first.contains("DecayStep") && first.contains("wrote   decay.svg") && errors.is_empty(),
        "{first}{errors}"
    );
    let drawn = fs::read(folder.path().join("decay.svg")).expect("drawn");

    // Mistakes are shown in the place of the run, and the figure stays.
    fs::write(&path, DECAY.replace("-a*x", "-b*x")).expect("written");
    let (out, errors) = watching.turn();
    assert!(errors.contains("decay.yaml:5:19") && errors.contains("unknown name `b`"), "{errors}");
    assert!(!out.contains("DecayStep"), "{out}");

    fs::write(&path, DECAY.replace("0.1", "0.5")).expect("written");
    let (out, errors) = watching.turn();
    assert!(out.contains("DecayStep") && errors.is_empty(), "{out}{errors}");
    assert_ne!(fs::read(folder.path().join("decay.svg")).expect("drawn"), drawn);
    assert_eq!(watching.end(), Some(0));
}

#[test]
fn what_a_model_builds_on_and_what_an_experiment_names_is_watched() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("faster.yaml", "name: FasterStep\nextends: DecayStep\nparameters: {a: {default: 0.3 /ms}}\n");
    write("e.yaml", "model: faster.yaml\nduration: 10 ms\nparameters: {a: {file: a.csv}}\n");
    write("a.csv", "0.2\n");
    let mut watching = Watching::start(folder.path(), &["run", "e.yaml", "--watch"]);
    let (_, errors) = watching.turn();
    assert!(errors.contains("there is no model `DecayStep`"), "{errors}");
    // A file that was missing comes.
    write("decay.yaml", DECAY);
    let (out, errors) = watching.turn();
    assert!(out.contains("0.135") && errors.is_empty(), "{out}{errors}");
    write("decay.yaml", &DECAY.replace("-a*x", "-2*a*x"));
    let (out, errors) = watching.turn();
    assert!(out.contains("0.0183"), "{out}{errors}");
    write("a.csv", "0.1\n");
    let (out, errors) = watching.turn();
    assert!(out.contains("0.135"), "{out}{errors}");
    // What nothing reads changes nothing.
    write("other.yaml", &DECAY.replace("DecayStep", "OtherStep"));
    thread::sleep(Duration::from_millis(300));
    write("e.yaml", "model: faster.yaml\nduration: 20 ms\n");
    let (out, errors) = watching.turn();
    assert!(out.contains("(200, 1)"), "{out}{errors}");
    assert_eq!(watching.end(), Some(0));
}

#[test]
fn a_long_run_ends_when_its_file_is_saved() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("e.yaml");
    fs::write(folder.path().join("decay.yaml"), DECAY).expect("written");
    // It would take hours.
    fs::write(&path, "model: decay.yaml\nnodes: 50\nduration: 20000 s\nevery: 1000000\n").expect("written");
    let mut watching = Watching::start(folder.path(), &["run", "e.yaml", "--watch"]);
    thread::sleep(Duration::from_millis(500));
    fs::write(&path, "model: decay.yaml\nduration: 20 ms\n").expect("written");
    let (out, errors) = watching.turn();
    assert!(errors.contains("a file changed; the run was stopped at t = "), "{errors}");
    assert!(out.contains("(200, 1)"), "{out}");
    assert_eq!(watching.end(), Some(0));
}

#[test]
fn nothing_is_waited_for_where_there_is_no_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output =
        brainmass(folder.path(), &["run", "HopfStep", "--watch"]).output().expect("the command runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && errors.contains("waits for a file to change"), "{errors}");
}
