//! The command refuses early what it would refuse late, keeps results when it is cut short, and escapes text that it did not write.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use brainmass::io::npz::Npz;

use crate::program::{brainmass, folder, refused, said};

const HOPF: &str = "model: HopfStep\nduration: 5 ms\ninitial: {x: 0.1}\n";

#[test]
fn files_that_cannot_be_written_are_found_before_the_run() {
    // The run would take hours.
    let long = "model: HopfStep\nnodes: 100\nduration: 10000 s\nevery: 100000\n";
    let with = |rest: &str| format!("{long}{rest}\n");
    let folder = folder(&[
        ("folder.yaml", &with("output: is.csv")),
        ("missing.yaml", &with("output: no such/run.csv")),
        ("twice.yaml", &with("output: [run.csv, ./run.csv]")),
        ("input.yaml", &with("output: input.json\nparameters: {a: {file: a.csv}}")),
        ("own.json", "{\"model\": \"HopfStep\", \"duration\": \"5 ms\", \"output\": \"own.json\"}"),
        ("values.yaml", &format!("{HOPF}parameters: {{a: {{file: a.csv}}}}\noutput: a.csv\n")),
        ("a.csv", "0.1\n"),
        ("fit.yaml", &with("record: x\nfit: {parameters: {a: 0.1}, target: [[1]], output: is.csv}")),
    ]);
    fs::create_dir(folder.path().join("is.csv")).unwrap();
    for (file, message) in [
        ("folder.yaml", "is.csv: is a folder, not a file"),
        ("missing.yaml", "there is no folder `no such`"),
        ("twice.yaml", "two outputs have this path"),
        ("own.json", "it is read from, too"),
        ("values.yaml", "it is read from, too"),
    ] {
        let began = Instant::now();
        for command in ["check", "run"] {
            let text = refused(folder.path(), &[command, file]);
            assert!(text.contains(message), "{command} {file}: {text}");
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{file} ran");
    }
    assert!(refused(folder.path(), &["run", "missing.yaml"]).contains("mkdir -p 'no such'"));
    assert_eq!(fs::read_to_string(folder.path().join("a.csv")).unwrap(), "0.1\n");
    // Two runs of one command may not write to one file either.
    fs::write(folder.path().join("one.yaml"), format!("{HOPF}output: same.csv\n")).unwrap();
    fs::write(folder.path().join("two.yaml"), format!("{HOPF}output: same.csv\n")).unwrap();
    assert!(refused(folder.path(), &["run", "one.yaml", "two.yaml"]).contains("two outputs have this path"));
    assert!(!folder.path().join("same.csv").exists());
}

#[cfg(unix)]
#[test]
fn every_output_is_attempted() {
    let folder = folder(&[("e.yaml", &format!("{HOPF}output: [gone/a.csv, b.csv]\nplot: c.svg\n"))]);
    // The folder is there when the run begins, and not when it ends: a pipe holds the run up in between.
    let pipe = folder.path().join("values.csv");
    let status = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
    assert!(status.success());
    fs::create_dir(folder.path().join("gone")).unwrap();
    let mut child = brainmass(folder.path(), &["run", "e.yaml", "--duration", "60s", "--every", "1000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    std::thread::sleep(Duration::from_millis(300));
    fs::remove_dir_all(folder.path().join("gone")).unwrap();
    let status = child.wait().expect("it ends");
    assert_eq!(status.code(), Some(1));
    assert!(folder.path().join("b.csv").is_file() && folder.path().join("c.svg").is_file());
}

#[test]
fn check_refuses_what_fits_would_refuse() {
    let fit = |rest: &str| {
        format!(
            "model: HopfStep\ninitial: {{x: 0.5}}\ndt: 0.5 ms\nduration: 100 ms\nsample_every: 5 ms\nrecord: x\nfit: {{{rest}}}\n"
        )
    };
    let target = "target: [[0.1], [0.2], [0.3], [0.4], [0.5], [0.6], [0.7], [0.8], [0.9], [1], [0.1], [0.2], [0.3], [0.4], [0.5], [0.6], [0.7], [0.8], [0.9], [1]]";
    let within = "parameters: {a: {start: -0.1, between: [-0.3, 0]}, w: {start: 0.25, above: 0.05}}";
    for (rest, message) in [
        (format!("{within}, {target}, starts: 2, method: nelder_mead"), "`w` has only a lower one, 0.05"),
        (format!("{within}, {target}, method: pso"), "pso needs limits of every parameter"),
        (format!("{within}, target: [[0.5]]"), "the prediction has 20 samples, the target 1"),
        (format!("{within}, target: [[1, 2], [3, 4]]"), "the target 2"),
        (
            format!("parameters: {{a: {{start: 0.1, between: [-0.3, 0]}}}}, {target}"),
            "the parameter `a` starts at 0.1",
        ),
        (format!("parameters: {{a: [0.1, 0.2]}}, {target}"), "2 values for 1 node"),
        (
            format!("{within}, {target}, starts: 4294967295"),
            "starts is a whole number, at least 1 and at most",
        ),
        (format!("{within}, {target}, method: {{name: cma_es, candidates: 1.5}}"), "a whole number"),
        (format!("{within}, {target}, method: {{name: lbfgs, candidates: 20}}"), "`candidates`"),
    ] {
        let folder = folder(&[("e.yaml", &fit(&rest))]);
        for command in ["check", "fit"] {
            let text = refused(folder.path(), &[command, "e.yaml"]);
            assert!(text.contains(message), "{command} {rest}: {text}");
        }
    }
    let folder = folder(&[(
        "e.yaml",
        &fit(&format!("{within}, {target}, method: {{name: cma_es, candidates: 6}}, iterations: 2")),
    )]);
    said(folder.path(), &["check", "e.yaml"]);
    said(folder.path(), &["fit", "e.yaml", "-q"]);
    // Flags are checked as the file is, and underlined.
    let text = refused(folder.path(), &["fit", "e.yaml", "--starts", "1000000000000"]);
    assert!(text.contains("starts is a whole number") && text.contains("command line:1:"), "{text}");
    assert!(refused(folder.path(), &["fit", "e.yaml", "--threads", "1000000000"]).contains("from 1 to"));
    assert!(
        refused(folder.path(), &["fit", "e.yaml", "--method", "newton"])
            .contains("there is no method `newton`")
    );
}

#[test]
fn warnings_are_shown_and_do_not_fail() {
    let folder = folder(&[("e.yaml", &format!("{HOPF}connectome: synthetic_8\n"))]);
    for command in ["check", "run"] {
        let (_, errors) = said(folder.path(), &[command, "e.yaml"]);
        assert!(errors.starts_with("warning: nothing uses this connectome"), "{errors}");
    }
}

#[test]
fn control_characters_of_files_are_shown_and_not_obeyed() {
    let folder = folder(&[
        ("title.yaml", "title: \"\\e]0;pwned\\a\\e[2JEVIL\"\nmodel: HopfStep\nduration: 5 ms\n"),
        ("folder.yaml", "model: HopfStep\nduration: 5 ms\noutput: \"no\\e[2Jdir/x.csv\"\n"),
        ("shell.yaml", "model: HopfStep\nduration: 5 ms\noutput: \"a; echo INJECTED >&2; echo /x.csv\"\n"),
        ("key.yaml", "model: HopfStep\nduration: 5 ms\n\"\\e[2Jkey\": 1\nrecord: \"\\e[2J\"\n"),
        (
            "e.json",
            "{\"ts\":[1,2,3],\"records\":[{\"name\":\"\\u001b[2J\\u001b]0;pwned\\u0007\",\"values\":[[1],[2],[4]]}]}",
        ),
        ("\u{1b}[2J.yaml", "model: HopfStep\nduration: 5 mV\n"),
    ]);
    let commands: [&[&str]; 9] = [
        &["run", "title.yaml"],
        &["run", "folder.yaml"],
        &["check", "folder.yaml"],
        &["run", "shell.yaml"],
        &["check", "key.yaml"],
        &["run", "\u{1b}[2J.yaml"],
        &["plot", "e.json", "--record", "zz"],
        &["run", "HopfStep", "--no\u{1b}[2Jflag"],
        &["run", "HopfStep", "--set", "\u{1b}[2J=1"],
    ];
    for arguments in commands {
        for colours in ["0", "1"] {
            let output = brainmass(folder.path(), arguments)
                .env("CLICOLOR_FORCE", colours)
                .env("NO_COLOR", if colours == "1" { "" } else { "1" })
                .output()
                .expect("the command runs");
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8_lossy(&text).into_owned();
            // Our own colours are the only sequences.
            let hostile = text.contains("\u{1b}[2J") || text.contains("\u{1b}]") || text.contains('\u{7}');
            assert!(!hostile, "{arguments:?}: {}", text.escape_debug());
            assert!(colours == "1" || !text.contains('\u{1b}'), "{arguments:?}: {}", text.escape_debug());
        }
    }
    let text = refused(folder.path(), &["run", "shell.yaml"]);
    assert!(text.contains("mkdir -p 'a; echo INJECTED >&2; echo '"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_run_and_keeps_what_was_recorded() {
    let text = "model: HopfStep\nnodes: 20\ninitial: {x: 0.1}\nduration: 100000 s\nevery: 10000\n\
                record: x\nobserve: {mean: {signal: x, instrument: average, every: 1 s}}\noutput: [run.npz, run.csv]\nplot: run.png\n";
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let folder = folder(&[("e.yaml", text)]);
        let child = brainmass(folder.path(), &["run", "e.yaml"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        std::thread::sleep(Duration::from_millis(1500));
        let killed = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
        assert!(killed.expect("kill runs").success());
        let output = child.wait_with_output().expect("it ends");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{errors}");
        assert!(errors.contains("what was recorded until then is in run.npz, run.csv"), "{errors}");
        let file = Npz::open(folder.path().join("run.npz")).expect("a whole file");
        let rows = file.get("x").unwrap().into_matrix().unwrap();
        assert!(rows.nrows() > 0 && rows.ncols() == 20 && rows.iter().all(|x| x.is_finite()));
        let provenance = file.get("provenance").unwrap().into_strings().unwrap();
        assert!(provenance[0].contains("\"ended_at\":"), "{provenance:?}");
        let (text, _) = said(folder.path(), &["analyze", "run.npz", "--psd"]);
        assert!(text.contains("note: the run ended before its time"), "{text}");
        let table = fs::read_to_string(folder.path().join("run.csv")).unwrap();
        assert!(table.lines().count() > rows.nrows());
        assert!(!folder.path().join("run.png").exists());
        // The experiment, the two files, and the provenance of the table.
        assert!(fs::read_dir(folder.path()).unwrap().count() == 4, "nothing is left beside the files");
    }
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_fit_and_keeps_the_best() {
    let text = "model: HopfStep\nnodes: 50\ninitial: {x: 0.5}\nduration: 1 s\nrecord: x\nfit: {parameters: {a: {start: 0.1, between: [0, 1]}}, \
                target: {file: t.npz, array: x}, method: nelder_mead, iterations: 1000000, output: fit.json}\n";
    let folder = folder(&[("e.yaml", text)]);
    said(folder.path(), &["run", "e.yaml", "--set", "a=0.3", "--output", "t.npz", "-q"]);
    let child = brainmass(folder.path(), &["fit", "e.yaml", "-q"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    std::thread::sleep(Duration::from_millis(4000));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill runs").success());
    let output = child.wait_with_output().expect("it ends");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    // A fast machine may be done by then.
    if output.status.success() {
        return;
    }
    assert_eq!(output.status.code(), Some(130), "{errors}");
    let found = fs::read_to_string(folder.path().join("fit.json")).expect("written");
    let found: serde_json::Value = serde_json::from_str(&found).expect("whole");
    assert!(found["params"]["a"][0].is_number(), "{found}");
}

#[cfg(unix)]
#[test]
fn file_names_need_not_be_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = tempfile::tempdir().expect("a temporary folder");
    let odd = folder.path().join(OsStr::from_bytes(b"f\xff"));
    fs::create_dir(&odd).unwrap();
    fs::write(
        odd.join(OsStr::from_bytes(b"e\xfe.yaml")),
        format!("{HOPF}parameters: {{a: {{file: a.csv}}}}\noutput: o.csv\n"),
    )
    .unwrap();
    fs::write(odd.join("a.csv"), "0.3\n").unwrap();
    let file = OsStr::from_bytes(b"f\xff/e\xfe.yaml");
    for command in ["check", "run"] {
        let output = brainmass(folder.path(), &[command]).arg(file).output().expect("the command runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(odd.join("o.csv").is_file());
    let out = OsStr::from_bytes(b"f\xff/r\xfd.csv");
    let output = brainmass(folder.path(), &["run", "HopfStep", "--duration", "5ms", "--out"])
        .arg(out)
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.path().join(out).is_file());
}

#[test]
fn a_file_without_end_is_not_read() {
    let text = refused(Path::new("/"), &["check", "/dev/zero"]);
    assert!(text.contains("device"), "{text}");
    let folder = folder(&[("large.yaml", &"# much\n".repeat(200_000))]);
    for command in ["check", "run"] {
        let text = refused(folder.path(), &[command, "large.yaml"]);
        assert!(text.contains("larger than the limit of 1048576 bytes"), "{text}");
    }
}

#[test]
fn one_key_says_what_one_flag_says() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let flags = [
        "run",
        "HopfStep",
        "--connectome",
        "synthetic_8",
        "--coupling",
        "Diffusive",
        "--parameters",
        "k=0.3",
        "speed=5",
        "--set",
        "a=0.2",
        "--initial",
        "x=0.1",
        "--scheme",
        "heun",
        "--duration",
        "20ms",
        "--output",
        "flags.csv",
        "-q",
    ];
    said(folder.path(), &flags);
    let file = "model: HopfStep\nconnectome: synthetic_8\ncoupling: Diffusive\nparameters: {k: 0.3, speed: 5, a: 0.2}\n\
                initial: {x: 0.1}\nscheme: heun\nduration: 20 ms\noutput: file.csv\n";
    fs::write(folder.path().join("e.yaml"), file).unwrap();
    said(folder.path(), &["run", "e.yaml", "-q"]);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("flags.csv"), read("file.csv"));
    let (help, _) = said(folder.path(), &["run", "--help"]);
    for key in [
        "--parameters",
        "--set",
        "--sample-every",
        "--limits",
        "--observe",
        "cash_karp",
        "SigmoidalJansenRit",
    ] {
        assert!(help.contains(key), "{key}");
    }
}
