//! The README: every command and every file in it. Its Rust is run as doctests; `include_models!` by `tests/downstream`. And the commands
//! on the pages of the site.

use std::fs;
use std::path::Path;
use std::process::Command;

use brainmass::io::npz::NpzWriter;
use ndarray::Array2;

use crate::program::{ROOT, brainmass, text};

/// Fenced blocks: their languages and texts.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, block)), None) => *block += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    blocks
}

/// The words of a command, with quotes taken off.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            letter => words.last_mut().expect("there is one").push(letter),
        }
    }
    words
}

#[test]
fn every_command_and_file_of_the_readme_works() {
    let readme = fs::read_to_string(format!("{ROOT}/README.md")).expect("the README");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let experiments = folder.path().join("experiments");
    fs::create_dir(&experiments).expect("a folder");
    for entry in fs::read_dir(format!("{ROOT}/experiments")).expect("the experiments") {
        let path = entry.expect("a file").path();
        fs::copy(&path, experiments.join(path.file_name().expect("a name"))).expect("it can be copied");
    }
    let mut ran = Vec::new();
    for (language, text) in blocks(&readme) {
        match language.as_str() {
            // A file says its name in its first line.
            "yaml" | "csv" => {
                let name = text.lines().next().and_then(file_name).expect("a name");
                fs::write(folder.path().join(name), &text).expect("it can be written");
            }
            // The tests of the Python package run what is about it.
            "python" if text.contains("brainmass_rs") => {}
            "python" => in_numpy(&text, folder.path()),
            "sh" => ran.extend(text.lines().filter_map(|line| execute(line, folder.path()))),
            "rust" | "rust,ignore" => {}
            other => panic!("nothing runs `{other}`"),
        }
    }
    let subcommands: Vec<&str> = ran.iter().map(|words| words[0].as_str()).collect();
    assert_eq!(
        subcommands,
        ["run", "run", "analyze", "run", "list", "show", "run", "analyze", "check", "run"]
    );
    for picture in [
        "hindmarsh_rose.png",
        "network.png",
        "network_analysis.png",
        "experiments/whole_brain.png",
        "alpha.png",
        "alpha_spectrum.png",
        "thalamus.png",
    ] {
        let bytes = fs::read(folder.path().join(picture)).expect("the picture was drawn");
        assert_eq!(&bytes[1..4], b"PNG", "{picture}");
    }
    // The picture of the README is the one that its command draws.
    let shown = fs::read(format!("{ROOT}/docs/images/whole_brain.png")).expect("the picture of the README");
    let drawn = fs::read(folder.path().join("experiments/whole_brain.png")).expect("the picture");
    let apart = pixels_apart(&shown, &drawn);
    assert!(
        apart < 0.02,
        "{:.1} % of the pixels of docs/images/whole_brain.png are others than `brainmass run experiments/whole_brain.yaml` draws: copy its picture there",
        100.0 * apart
    );
}

/// Returns the share of pixels that differ visibly: sums of many numbers end in other bits with another instruction set, which turns few of them.
fn pixels_apart(one: &[u8], other: &[u8]) -> f64 {
    let decode = |bytes: &[u8]| {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut pixels).expect("an image");
        ((info.width, info.height), pixels[..info.buffer_size()].to_vec())
    };
    let ((size, one), (of_other, other)) = (decode(one), decode(other));
    if size != of_other || one.len() != other.len() {
        return 1.0;
    }
    let channels = one.len() / (size.0 * size.1) as usize;
    let pairs = one.chunks(channels).zip(other.chunks(channels));
    let differ = pairs.filter(|(a, b)| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > 32)).count();
    differ as f64 / f64::from(size.0 * size.1)
}

/// Runs a program in Python, where there is one with numpy; what it prints must be what its comments promise.
fn in_numpy(text: &str, folder: &Path) {
    let has_numpy = Command::new("python3").args(["-c", "import numpy"]).output();
    if !has_numpy.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: the Python of the README, for there is no numpy here");
        return;
    }
    let output =
        Command::new("python3").args(["-c", text]).current_dir(folder).output().expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let promised: Vec<&str> =
        text.lines().filter_map(|line| line.split_once(")  # ").map(|(_, text)| text)).collect();
    assert_eq!(said.lines().collect::<Vec<_>>(), promised);
}

/// The pages in Markdown of a folder and the folders in it, those of models left out.
fn pages(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("models") {
            pages(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(fs::read_to_string(&path).expect("a page"));
        }
    }
}

#[test]
fn every_command_of_the_pages_works() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // What the pages analyse: a run of theirs, and BOLD with a row for each region.
    let run = "brainmass run HopfStep --nodes 4 --duration 2s --init x=0.1 --out run.npz";
    execute(run, folder.path()).expect("it runs");
    let bold = Array2::from_shape_fn((6, 200), |(region, volume)| (0.1 * (3 * region + volume) as f64).sin());
    let file =
        NpzWriter::new().with("bold", &bold).and_then(|file| file.save(folder.path().join("bold.npz")));
    file.expect("written");
    let rows = bold
        .columns()
        .into_iter()
        .map(|volume| volume.iter().map(f64::to_string).collect::<Vec<_>>().join("\t"));
    fs::write(folder.path().join("bold.tsv"), rows.collect::<Vec<_>>().join("\n")).expect("written");
    let mut texts = Vec::new();
    pages(Path::new(&format!("{ROOT}/docs")), &mut texts);
    // Commands that compare results of the reader's tell by their status, and clusters are elsewhere: the tests of results and of sweeps run these.
    let elsewhere = ["# Repeat a run and compare results", "# Sweep from a file, on clusters too"];
    texts.retain(|text| !elsewhere.iter().any(|title| text.starts_with(title)));
    let (mut ran, mut named) = (0, 0);
    for (language, text) in texts.iter().flat_map(|text| blocks(text)) {
        if let Some(name) = text.lines().next().and_then(file_name).filter(|_| language == "yaml") {
            fs::write(folder.path().join(name), &text).expect("it can be written");
        }
        for line in text.lines().filter(|_| language == "sh") {
            match line.split_whitespace().collect::<Vec<_>>()[..] {
                ["brainmass", ..] => {
                    execute(line, folder.path());
                    ran += 1;
                }
                ["cargo", "run", "--release", "--example", name] => {
                    let path = format!("{ROOT}/brainmass/examples/{name}.rs");
                    assert!(Path::new(&path).exists(), "there is no {path}");
                    named += 1;
                }
                ["cargo", "xtask" | "add" | "install" | "bench", ..] | ["pip", ..] => {}
                _ => panic!("nothing runs `{line}`"),
            }
        }
    }
    assert!(ran >= 14 && named >= 2, "{ran} commands run, {named} examples named");
    for picture in ["alpha.png", "run_analysis.png", "hindmarsh_rose.png", "fit_current.png", "bursts.png"] {
        assert!(
            folder.path().join(picture).exists(),
            "no {picture}: {:?}",
            fs::read_dir(folder.path())
                .map(|all| all.filter_map(Result::ok).map(|entry| entry.file_name()).collect::<Vec<_>>())
        );
    }
}

/// The name of a file that is said in the first line of its text.
fn file_name(line: &str) -> Option<&str> {
    let name = line.strip_prefix("# ")?.split(':').next()?;
    (name.ends_with(".yaml") || name.ends_with(".csv")).then_some(name).filter(|name| !name.contains(' '))
}

#[test]
fn the_tutorial_shows_what_the_command_says() {
    let page = fs::read_to_string(format!("{ROOT}/docs/tutorials/from-paper-to-model.md")).expect("the page");
    let blocks = blocks(&page);
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (language, text) in &blocks {
        if let Some(name) = text.lines().next().and_then(file_name).filter(|_| language == "yaml") {
            fs::write(folder.path().join(name), text).expect("it can be written");
        }
    }
    let say = |line: &str| {
        let arguments = words(line.strip_prefix("brainmass ").expect("a command"));
        let output =
            brainmass(folder.path(), &arguments).env_remove("COLUMNS").output().expect("the command runs");
        (text(&output.stdout), text(&output.stderr))
    };
    let shown: Vec<&str> =
        blocks.iter().filter(|(language, _)| language == "text").map(|(_, text)| text.as_str()).collect();
    let [summary, mistake] = shown[..] else { panic!("{} blocks of text", shown.len()) };
    let command = page.lines().find(|line| line.starts_with("brainmass run hindmarsh_rose.yaml"));
    let (said, _) = say(command.expect("the first run"));
    for line in summary.lines() {
        assert!(said.lines().any(|own| own == line), "`{line}` is not in\n{said}");
    }
    // The capacitance is forgotten.
    let path = folder.path().join("morris_lecar.yaml");
    let model = fs::read_to_string(&path).expect("the model");
    fs::write(&path, model.replace("(V - V_K))/C\n", "(V - V_K))\n")).expect("it can be written");
    let (_, said) = say("brainmass check morris_lecar.yaml");
    assert!(said.starts_with(mistake), "{said}");
    // The fit finds the current that the recording was made with.
    fs::write(&path, model).expect("it can be written");
    let recording = page.lines().find(|line| line.contains("--out recording.csv")).expect("a command");
    say(recording);
    let (said, errors) = say("brainmass fit fit_current.yaml");
    let found = said.lines().find_map(|line| line.trim().strip_prefix("I ")?.trim().parse::<f64>().ok());
    assert!(found.is_some_and(|found| (found - 80.0).abs() < 0.01), "{said}{errors}");
}

/// Runs a command line; `None` for the tests, which are what runs this.
fn execute(line: &str, folder: &Path) -> Option<Vec<String>> {
    if line.ends_with("cargo test --workspace") {
        return None;
    }
    // What stands behind blanks and a sharp is a comment.
    let line = line.split_once("  #").map_or(line, |(command, _)| command.trim_end());
    let words = words(line.strip_prefix("cargo run --release -- ").unwrap_or(line));
    let arguments = match words[0].as_str() {
        "brainmass" => words[1..].to_vec(),
        _ => words,
    };
    let output = brainmass(folder, &arguments).output().expect("the command runs");
    assert!(output.status.success(), "`{line}`: {}", String::from_utf8_lossy(&output.stderr));
    Some(arguments)
}
