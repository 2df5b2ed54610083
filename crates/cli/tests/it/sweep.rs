//! Sweeps that experiment files describe: run, killed, resumed, shared out, joined, drawn.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use brainmass::io::journal::Found;
use brainmass::io::npz::Npz;
use ndarray::Array1;

use crate::program::{brainmass, folder, printed, refused, run};

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).expect("written");
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The rows of a table, without its head.
fn rows(table: &str) -> Vec<Vec<String>> {
    table.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

const PAIR: &str = "
model: HopfStep
connectome: {name: synthetic_8, normalize: max}
coupling: {rule: Diffusive, from: x, k: 0.05}
noise: {x: 0.05, y: 0.02}
duration: 12 ms
transient: 2 ms
";

#[test]
fn a_grid_of_couplings_and_seeds_is_what_single_runs_are() {
    let folder = folder(&[]);
    let folder = folder.path();
    let sweep = "sweep:
  over: {k: {from: 0, to: 0.2, points: 40}, seeds: 0..10}   # a grid of all axes
  measure: {deviation: {signal: x, summary: deviation}}
  output: s.csv
";
    write(folder, "s.yaml", &format!("{PAIR}{sweep}"));
    let told = printed(folder, &["check", "s.yaml"]);
    assert!(told.contains("sweep of 400 runs = 40 k x 10 seed, ") && told.contains(" on "), "{told}");
    let text = printed(folder, &["sweep", "s.yaml"]);
    assert!(text.contains("400 = 40 k x 10 seed") && text.contains("s.csv"), "{text}");

    let table = read(folder, "s.csv");
    assert_eq!(table.lines().next(), Some("k,seed,deviation,error"));
    let rows = rows(&table);
    assert_eq!(rows.len(), 400);
    for (run, row) in rows.iter().enumerate() {
        let k: f64 = row[0].parse().expect("a number");
        assert!((k - 0.2 * (run / 10) as f64 / 39.0).abs() < 1e-15, "{row:?}");
        assert_eq!((row[1].as_str(), row[3].as_str()), (&(run % 10).to_string()[..], ""));
    }
    // One of the runs, made alone: its deviation, computed here.
    for run in [0, 123, 399] {
        let row = &rows[run];
        let (k, seed) = (format!("k={}", row[0]), row[1].as_str());
        let flags = ["run", "s.yaml", "--set", &k, "--seed", seed, "--record", "x", "--out", "one.npz", "-q"];
        printed(folder, &flags);
        let x = Npz::open(folder.join("one.npz")).unwrap().get("x").unwrap().into_matrix().unwrap();
        let deviation = x.std_axis(ndarray::Axis(0), 0.0).mean().unwrap();
        let measured: f64 = row[2].parse().expect("a number");
        assert!((measured - deviation).abs() < 1e-13, "run {run}: {measured} and {deviation}");
    }
    let metadata: serde_json::Value =
        serde_json::from_str(&read(folder, "s.csv-metadata.json")).expect("JSON");
    assert_eq!(metadata["tableSchema"]["columns"][2]["name"], "deviation");
    assert_eq!(metadata["provenance"]["model"], "HopfStep");
}

/// A sweep of many short runs, whose results are in `name`.
fn many(folder: &Path, name: &str) -> String {
    let sweep = format!(
        "sweep: {{over: {{k: {{from: 0, to: 1, points: 60}}, seeds: 0..10}},
  measure: {{mean: {{signal: x, summary: mean, each: true}}, top: {{signal: y, summary: max}}}}, output: {name}.csv}}\n"
    );
    let pair = PAIR.replace("duration: 12 ms", "duration: 24 ms");
    write(folder, &format!("{name}.yaml"), &format!("{pair}{sweep}"));
    format!("{name}.yaml")
}

#[test]
fn a_sweep_that_is_killed_again_and_again_ends_with_the_bytes_of_an_unbroken_one() {
    let folder = folder(&[]);
    let folder = folder.path();
    let whole = many(folder, "whole");
    printed(folder, &["sweep", &whole, "--threads", "1"]);
    let killed = many(folder, "killed");
    let journal = folder.join("killed.journal");
    let written = || fs::metadata(&journal).map_or(0, |file| file.len());
    let mut kills = 0;
    for attempt in 0_u64.. {
        let before = written();
        let mut child: Child = brainmass(folder, &["sweep", &killed, "--threads", "2", "-q"])
            .stderr(Stdio::null())
            .spawn()
            .expect("the command runs");
        // A kill follows what was written, not the clock, so that a fast machine is killed as often as a slow one; the pause after it puts the kill
        // anywhere between two writes. Every third kill comes before anything is written.
        while attempt % 3 != 2 && written() == before && child.try_wait().expect("a child").is_none() {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_micros(attempt * 7919 % 4001));
        child.kill().expect("a process that may be killed");
        let status = child.wait().expect("a process that ends");
        if status.success() {
            break;
        }
        kills += 1;
        assert!(kills < 2000, "it does not get on");
    }
    assert!(kills > 2, "it was over after {kills} kills");
    assert_eq!(read(folder, "killed.csv"), read(folder, "whole.csv"));
    let again = printed(folder, &["sweep", &killed]);
    assert!(again.contains("600 of 600 runs were in killed.journal already"), "{again}");
    // What a kill in the middle of a write leaves.
    let bytes = fs::read(&journal).unwrap();
    fs::write(&journal, &bytes[..bytes.len() - 5]).unwrap();
    let output = run(folder, &["sweep", &killed, "-q"]);
    let warning = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && warning.contains("bytes at its end were no whole records"),
        "{warning}"
    );
    assert_eq!(read(folder, "killed.csv"), read(folder, "whole.csv"));
}

#[test]
fn shards_of_any_number_give_the_same_results_and_missing_ones_are_told() {
    let folder = folder(&[]);
    let folder = folder.path();
    let whole = many(folder, "whole");
    printed(folder, &["sweep", &whole]);
    let expected = read(folder, "whole.csv");
    for of in [1, 3, 7] {
        let name = format!("of{of}");
        let file = many(folder, &name);
        for shard in (1..=of).rev() {
            printed(folder, &["sweep", &file, "--shard", &format!("{shard}/{of}"), "-q"]);
        }
        assert!(!folder.join(format!("{name}.csv")).exists());
        printed(folder, &["sweep", &file, "--gather", ".", "--plot", "of.svg"]);
        assert_eq!(read(folder, &format!("{name}.csv")), expected, "{of} shards");
        // Another output changes nothing of where the shards have their journals.
        printed(folder, &["sweep", &file, "--gather", ".", "--out", "elsewhere.csv"]);
        assert_eq!(read(folder, "elsewhere.csv"), expected, "{of} shards");
    }
    // Shards that were run with another output have their journals beside that.
    for shard in ["1/2", "2/2"] {
        printed(folder, &["sweep", "of1.yaml", "--out", "moved.csv", "--shard", shard, "-q"]);
    }
    printed(folder, &["sweep", "of1.yaml", "--out", "moved.csv", "--gather", "."]);
    assert_eq!(read(folder, "moved.csv"), expected);
    fs::remove_file(folder.join("of3.2-of-3.journal")).unwrap();
    let error = refused(folder, &["sweep", "of3.yaml", "--gather", "."]);
    assert!(error.contains("200 of 600 runs are missing") && error.contains("200 to 399"), "{error}");
    // The journal of another shard is not that of this one.
    let flags = ["sweep", "of3.yaml", "--shard", "1/2", "--journal", "of3.journal"];
    printed(folder, &flags);
    let error = refused(folder, &["sweep", "of3.yaml", "--shard", "4/3"]);
    assert!(error.contains("`4/3` is no shard"), "{error}");
    // A journal of another sweep among those of the shards.
    fs::copy(folder.join("whole.journal"), folder.join("of7.8-of-9.journal")).unwrap();
    printed(folder, &["sweep", "of7.yaml", "--gather", "."]);
    let other = read(folder, "of7.yaml").replace("points: 60", "points: 61");
    write(folder, "of7.yaml", &other);
    let error = refused(folder, &["sweep", "of7.yaml", "--gather", "."]);
    assert!(error.contains("belongs to another sweep: `axis k` is 61 values"), "{error}");
}

#[test]
fn a_journal_is_refused_to_another_sweep_and_to_a_second_process() {
    let folder = folder(&[]);
    let folder = folder.path();
    let file = many(folder, "one");
    printed(folder, &["sweep", &file, "-q"]);
    let text = read(folder, "one.yaml");
    for (from, to, part) in [
        ("noise: {x: 0.05", "noise: {x: 0.06", "`noise_x` is 0.06"),
        ("duration: 24 ms", "duration: 13 ms", "`duration` is 13 ms and was 24 ms"),
        ("normalize: max", "normalize: row_sum", "`weights of coupling_input` "),
        ("points: 60", "points: 30", "`axis k` is 30 values"),
        (
            "summary: max",
            "summary: min",
            "`measure top` is number 1: of y, minimum and was number 1: of y, maximum",
        ),
    ] {
        write(folder, "one.yaml", &text.replace(from, to));
        let before = fs::read(folder.join("one.journal")).unwrap();
        let error = refused(folder, &["sweep", &file]);
        assert!(
            error.contains("one.journal: the journal belongs to another sweep: ") && error.contains(part),
            "{error}"
        );
        assert!(error.contains("--fresh"), "{error}");
        assert_eq!(fs::read(folder.join("one.journal")).unwrap(), before, "nothing is lost");
    }
    let changed = text.replace("points: 60", "points: 2");
    write(folder, "one.yaml", &changed);
    printed(folder, &["sweep", &file, "--fresh"]);
    assert_eq!(rows(&read(folder, "one.csv")).len(), 20);

    let held = Found::open(folder.join("one.journal"), b"").unwrap();
    for flags in [&["sweep", "one.yaml"][..], &["sweep", "one.yaml", "--fresh"]] {
        let error = refused(folder, flags);
        assert!(
            error.contains("one.journal: the journal is in use: another process appends to it"),
            "{error}"
        );
    }
    drop(held);
    printed(folder, &["sweep", &file, "-q"]);
    // A journal of which nothing tells what it belongs to is not written over, unless that is asked for.
    let mut bytes = fs::read(folder.join("one.journal")).unwrap();
    bytes[60] ^= 1;
    fs::write(folder.join("one.journal"), &bytes).unwrap();
    let error = refused(folder, &["sweep", &file]);
    assert!(error.contains("one.journal: the journal is damaged") && error.contains("--fresh"), "{error}");
    assert_eq!(fs::read(folder.join("one.journal")).unwrap(), bytes);
    printed(folder, &["sweep", &file, "--fresh", "-q"]);
    write(folder, "thesis.txt", "chapter one");
    let error = refused(folder, &["sweep", &file, "--journal", "thesis.txt", "--fresh"]);
    assert!(error.contains("thesis.txt: the journal is not a journal"), "{error}");
    assert_eq!(read(folder, "thesis.txt"), "chapter one");
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_nothing_is_lost_by_it() {
    let folder = folder(&[]);
    let folder = folder.path();
    let (whole, file) = (many(folder, "whole"), many(folder, "full"));
    printed(folder, &["sweep", &whole, "-q"]);
    // A limit on the size of files is met as a full disk is: a write fails in the middle of a record.
    let script =
        format!("trap '' XFSZ; ulimit -f 16; exec {} sweep {file} -q", env!("CARGO_BIN_EXE_brainmass"));
    let output = Command::new("bash").args(["-c", &script]).current_dir(folder).output().expect("a shell");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{error}");
    assert!(
        error.contains("full.journal: the journal cannot be written: ")
            && error.contains("of 600 runs that were done"),
        "{error}"
    );
    let kept = fs::metadata(folder.join("full.journal")).unwrap().len();
    assert!(kept > 10_000, "{kept} bytes are kept");
    let text = printed(folder, &["sweep", &file]);
    assert!(text.contains("runs were in full.journal already"), "{text}");
    assert_eq!(read(folder, "full.csv"), read(folder, "whole.csv"));
}

#[test]
fn a_run_that_fails_is_a_row_with_its_reason() {
    let folder = folder(&[]);
    let folder = folder.path();
    let text = "{model: HopfStep, initial: {x: 0.5}, duration: 40 ms, sweep: {over: {beta: [1, -40, 2]},
        measure: {top: {signal: x, summary: maximum}}, output: [f.csv, f.npz]}}";
    write(folder, "f.yaml", text);
    let printed = printed(folder, &["sweep", "f.yaml"]);
    assert!(printed.contains("1 of 3 runs; run 1: the run diverged at t = "), "{printed}");
    let table = read(folder, "f.csv");
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[2].starts_with("-40,NaN,\"the run diverged at t = "), "{table}");
    assert!(
        lines[1].starts_with("1,0.4") && lines[1].ends_with(',') && lines[3].starts_with("2,0."),
        "{table}"
    );
    let file = Npz::open(folder.join("f.npz")).unwrap();
    assert_eq!(file.get("failed").unwrap().into_vector().unwrap(), Array1::from(vec![1.0]));
    assert!(file.get("reasons").unwrap().into_strings().unwrap()[0].contains("diverged"));
    let top = file.get("top").unwrap().into_vector().unwrap();
    assert!(top[0] > 0.4 && top[1].is_nan() && top[2] > 0.4, "{top}");
}

#[test]
fn axes_are_keys_of_the_file_inputs_tables_and_maps_too() {
    let folder = folder(&[]);
    let folder = folder.path();
    write(folder, "points.csv", "a,seed\n0.1,3\n0.2,4\n");
    let text = "
model: HopfStep
nodes: 2
initial: {x: 0.1}
noise: {x: 0.01}
duration: 8 ms
sweep:
  over:
    file: points.csv
    scheme: [heun, rk4]
    dt: [0.1 ms, 0.2 ms]
    x_inp: {log: {from: 0.01, to: 0.1, points: 2}}
    w: {map: [1, -1], gain: [0, 0.5], relative: true}
  measure:
    m: {signal: x, summary: last, each: true}
    whole: {record: x}
  output: [o.npz, o.csv]
";
    write(folder, "o.yaml", text);
    printed(folder, &["sweep", "o.yaml"]);
    let rows = rows(&read(folder, "o.csv"));
    assert_eq!(rows.len(), 2 * 2 * 2 * 2 * 2);
    let head = read(folder, "o.csv").lines().next().map(str::to_owned);
    assert_eq!(head.as_deref(), Some("a,seed,scheme,dt,x_inp,w_gain,m[0],m[1],error"));
    // Every run alone: what its row says, as flags.
    for row in rows.iter().step_by(5) {
        let gain: f64 = row[5].parse().unwrap();
        let w = 0.2;
        let settings = [
            "run".to_owned(),
            "o.yaml".into(),
            "--set".into(),
            format!("a={}", row[0]),
            "--set".into(),
            format!("w=[{}, {}]", w + gain * w, w - gain * w),
            "--seed".into(),
            row[1].clone(),
            "--scheme".into(),
            row[2].clone(),
            "--dt".into(),
            row[3].clone(),
            "--input".into(),
            format!("x_inp={}", row[4]),
            "--record".into(),
            "x".into(),
            "--out".into(),
            "one.npz".into(),
            "-q".into(),
        ];
        let flags: Vec<&str> = settings.iter().map(String::as_str).collect();
        printed(folder, &flags);
        let x = Npz::open(folder.join("one.npz")).unwrap().get("x").unwrap().into_matrix().unwrap();
        let last = x.row(x.nrows() - 1);
        assert_eq!(
            (row[6].parse::<f64>().unwrap(), row[7].parse::<f64>().unwrap()),
            (last[0], last[1]),
            "{row:?}"
        );
    }
    let file = Npz::open(folder.join("o.npz")).unwrap();
    assert_eq!(file.get("whole").unwrap().shape(), [32, 80, 2]);
    assert_eq!(file.get("shape").unwrap().into_vector().unwrap().to_vec(), [2.0, 2.0, 2.0, 2.0, 2.0]);
    assert_eq!(file.get("scheme").unwrap().into_strings().unwrap()[4], "heun");
    printed(folder, &["plot", "o.npz", "--record", "m[1]", "--out", "o.svg"]);
    assert!(read(folder, "o.svg").contains("<svg"));
}

#[test]
fn designs_fill_ranges_and_summaries_compare_with_targets() {
    let folder = folder(&[]);
    let folder = folder.path();
    let text = "
model: HopfStep
nodes: 3
initial: {x: [0.1, 0.2, -0.1]}
noise: {x: 0.05, y: 0.05}
duration: 60 ms
sample_every: 1 ms
record: [x, y]
observe: {mean: {signal: x, instrument: average, every: 5 ms}}
sweep:
  over:
    sobol: {points: 8, between: {a: [-0.1, 0.1], w: {log: [0.1 rad/ms, 1 rad/ms]}}}
    seeds: [1, 2]
  measure:
    fit: {signal: mean, summary: fc_corr, target: [[1, 0.5, 0.2], [0.5, 1, 0.1], [0.2, 0.1, 1]], target_is: connectivity}
    order: {signal: x, summary: order_parameter}
    spread: {signal: x, summary: metastability}
    reached: {signal: x, summary: first_passage, above: 0.15}
    power: {signal: y, summary: band_power, band: [10 Hz, 200 Hz]}
  output: d.csv
  plot: d.svg
";
    write(folder, "d.yaml", text);
    printed(folder, &["sweep", "d.yaml"]);
    let rows = rows(&read(folder, "d.csv"));
    assert_eq!(rows.len(), 16);
    let column = |index: usize| -> Vec<f64> { rows.iter().map(|row| row[index].parse().unwrap()).collect() };
    // Sobol's first points: 0, 1/2, 3/4, 1/4, ...
    assert!((column(0)[2] - 0.0).abs() < 1e-15 && (column(0)[4] - 0.05).abs() < 1e-15, "{:?}", column(0));
    assert!((column(1)[2] - 0.1_f64.sqrt()).abs() < 1e-12, "{:?}", column(1));
    assert!(column(3).iter().all(|r| (-1.0..=1.0).contains(r)), "{:?}", column(3));
    assert!(column(4).iter().all(|order| (0.0..=1.0).contains(order)), "{:?}", column(4));
    assert!(column(5).iter().all(|spread| *spread > 0.0), "{:?}", column(5));
    // The second node begins above the level, so that the others are first, or it itself after it came back.
    assert!(column(6).iter().all(|time| time.is_nan() || (1.0..=60.0).contains(time)), "{:?}", column(6));
    assert!(column(7).iter().all(|power| *power > 0.0), "{:?}", column(7));
    assert!(read(folder, "d.svg").contains("<svg"));
}

#[test]
fn mistakes_are_told_with_their_places() {
    let folder = folder(&[]);
    let folder = folder.path();
    let whole = |over: &str, measure: &str| {
        format!(
            "model: HopfStep\nnodes: 2\nduration: 20 ms\nsweep:\n  over: {over}\n  measure: {measure}\n  output: q.csv\n"
        )
    };
    let mean = "{m: {signal: x, summary: mean}}";
    let cases = [
        ("{kk: [1, 2]}", mean),
        ("{a: []}", mean),
        ("{a: {from: 0, to: 1, points: 1000000}, w: {from: 0, to: 1, points: 1000000}}", mean),
        ("{a: [0.1, nan]}", mean),
        ("{seeds: 0..3}", "{m: {signal: x, summary: fc_corr}}"),
        ("{dt: [0.1 ms, 0.3 ms]}", mean),
        ("{zip: {a: [1, 2], w: [1, 2, 3]}}", mean),
        ("{noise.x: [-1, 2]}", mean),
        ("{a: [1], parameters.a: [2]}", mean),
        ("{seeds: 5}", "{seed: {signal: z, summary: mean}}"),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(over, measure)| {
            write(folder, "q.yaml", &whole(over, measure));
            let of_sweep = refused(folder, &["sweep", "q.yaml"]);
            let of_check = refused(folder, &["check", "q.yaml"]);
            assert!(of_check.contains(of_sweep.trim_end()), "{of_check}");
            of_sweep
        })
        .collect();
    insta::assert_snapshot!("sweep_mistakes", told.join("\n"));
    write(folder, "none.yaml", "{model: HopfStep, duration: 1}");
    let error = refused(folder, &["sweep", "none.yaml"]);
    assert!(error.contains("has no section `sweep`"), "{error}");
    // A run leaves the section alone.
    write(folder, "q.yaml", &whole("{kk: 1}", mean));
    printed(folder, &["run", "q.yaml", "-q"]);
}

#[test]
fn results_say_with_which_settings_a_sweep_was_made() {
    let folder = folder(&[]);
    let folder = folder.path();
    for (name, noise) in [("one", 0.1), ("other", 0.2)] {
        let text = format!(
            "{{model: HopfStep, nodes: 2, noise: {{x: {noise}}}, duration: 5 ms, \
             sweep: {{over: {{a: [0.1, 0.2]}}, measure: {{m: {{signal: x, summary: mean}}}}, output: {name}.npz}}}}"
        );
        write(folder, &format!("{name}.yaml"), &text);
        printed(folder, &["sweep", &format!("{name}.yaml"), "-q"]);
    }
    let run = brainmass(folder, &["diff", "one.npz", "other.npz"]).output().expect("it runs");
    let told = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(told.contains("settings  1 differs") && told.contains("noise_x  0.1"), "{told}");
    let shown = printed(folder, &["show", "one.npz"]);
    for part in ["noise_x", "duration", "axis a", "measure m"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let error = refused(folder, &["run", "one.npz"]);
    assert!(error.contains("keeps no experiment. Results of sweeps"), "{error}");
}

#[test]
fn a_long_run_goes_on_from_its_last_checkpoint() {
    let folder = folder(&[]);
    let folder = folder.path();
    let text = format!(
        "{PAIR}record: [x, y]\nobserve: {{fc: {{signal: x, instrument: functional_connectivity}}}}\n"
    )
    .replace("duration: 12 ms", "duration: 60 s");
    write(folder, "whole.yaml", &format!("{text}output: whole.npz\n"));
    write(folder, "killed.yaml", &format!("{text}output: killed.npz\ncheckpoint: {{every: 100 ms}}\n"));
    printed(folder, &["run", "whole.yaml", "-q"]);
    let file = folder.join("killed.checkpoint");
    let length = || fs::metadata(&file).map_or(0, |file| file.len());
    let (mut kills, mut before) = (0, 0);
    for _ in 0..3 {
        let mut child =
            brainmass(folder, &["run", "killed.yaml", "-q"]).stderr(Stdio::null()).spawn().expect("it runs");
        // The head of the file has fewer bytes than any checkpoint.
        while length() < before + 8000 && child.try_wait().expect("a process").is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
        before = length();
        child.kill().expect("a process that may be killed");
        kills += usize::from(!child.wait().expect("a process that ends").success());
    }
    assert!(kills > 0, "it was over before its first checkpoint");
    let told = printed(folder, &["run", "killed.yaml"]);
    assert!(told.contains("ns per node-step, from the checkpoint at "), "{told}");
    let array = |file: &str, name: &str| {
        Npz::open(folder.join(file)).unwrap().get(name).unwrap().into_matrix().unwrap()
    };
    for name in ["x", "y", "fc"] {
        assert_eq!(array("killed.npz", name), array("whole.npz", name), "{name} after {kills} kills");
    }
    assert!(!folder.join("killed.checkpoint").exists(), "it is done");
    // The two results have the same settings, and one with checkpoints can be repeated, without them.
    let same = printed(folder, &["diff", "whole.npz", "killed.npz"]);
    assert!(same.contains("settings  the same"), "{same}");
    let again = printed(folder, &["run", "killed.npz"]);
    assert!(again.contains("the same bits in all 3 records") && !again.contains("checkpoint"), "{again}");
    write(folder, "no.yaml", &format!("{text}checkpoint: {{every: 1 ms}}\n"));
    let error = refused(folder, &["run", "no.yaml"]);
    assert!(error.contains("checkpoints are 100 ms apart at least"), "{error}");
}
