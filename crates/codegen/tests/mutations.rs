//! Model files with random edits, all the way that a build and a page go: the compiler gives a model or a report, never a crash, and what it
//! accepts becomes Rust that parses. `BRAINMASS_MUTATIONS=100000` tries as many.

#![cfg(all(feature = "markdown", feature = "mathml", feature = "pretty"))]

use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use brainmass_codegen::mathml::{Style, mathml};
use brainmass_codegen::{example, files, javascript, markdown, rust};
use brainmass_spec::collection::{File, compile};
use brainmass_spec::kernel::Kernel;
use brainmass_spec::tape::{CouplingTapes, NodeTapes};
use brainmass_spec::{latex, latex_graph};

/// Random numbers (xorshift64*): the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count.max(1) as u64) as usize
    }
}

/// Pieces that mean something in a file.
const PIECES: [&str; 44] = [
    "0",
    "-1",
    "1e308",
    "1e-320",
    "inf",
    "nan",
    "[",
    "]",
    "{",
    "}",
    ": ",
    ", ",
    "- ",
    "\n",
    "  ",
    "'",
    "\"",
    "|",
    ">",
    "&a ",
    "*a",
    "(",
    ")",
    "+",
    "-",
    "*",
    "/",
    "^",
    "**",
    " and ",
    " < ",
    " mV",
    " Hz",
    "/sqrt(ms)",
    "^(1/3)",
    "[ms]",
    "exp(",
    "where(x > 0, 1, 2)",
    "delay(",
    "\u{1b}[2J",
    "\u{3c9}",
    "extends: HopfStep\n",
    "#",
    "1e200*1e200*",
];

fn mutated(original: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=random.below(2) {
        if bytes.is_empty() {
            bytes.push(b'x');
        }
        let at = random.below(bytes.len());
        let to = (at + random.below(12)).min(bytes.len());
        match random.below(12) {
            0 => drop(bytes.drain(at..to)),
            1 => drop(bytes.splice(at..to, PIECES[random.below(PIECES.len())].bytes())),
            2 => drop(bytes.splice(at..at, PIECES[random.below(PIECES.len())].bytes())),
            3 => bytes[at] = random.next() as u8,
            4 => {
                let piece = bytes[at..to].to_vec();
                let repeated = piece.repeat(1 + random.below(60));
                drop(bytes.splice(at..at, repeated));
            }
            5 => {
                let from = random.below(other.len());
                let part = &other[from..(from + random.below(200)).min(other.len())];
                drop(bytes.splice(at..at, part.iter().copied()));
            }
            // A line is moved elsewhere.
            6 => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let mut lines: Vec<&str> = text.lines().collect();
                if lines.is_empty() {
                    continue;
                }
                let line = lines.remove(random.below(lines.len()));
                lines.insert(random.below(lines.len() + 1), line);
                bytes = lines.join("\n").into_bytes();
            }
            // A word takes the place of another, which leaves most files in shape.
            _ => {
                let (here, there) = (words(&bytes), words(other));
                if let (Some(word), Some(from)) = (any(&here, random), any(&there, random)) {
                    drop(bytes.splice(word, other[from].to_vec()));
                }
            }
        }
    }
    bytes
}

/// Returns the places of the words, numbers and signs of a text.
fn words(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (at, byte) in bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii_whitespace()) {
        let belongs = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
        match words.last_mut() {
            Some(last) if last.end == at && belongs && bytes[last.start].is_ascii_alphanumeric() => {
                last.end = at + 1;
            }
            _ => words.push(at..at + 1),
        }
    }
    words
}

fn any(words: &[Range<usize>], random: &mut Random) -> Option<Range<usize>> {
    words.get(random.below(words.len())).cloned()
}

/// Goes all the way, and says whether there was a model.
fn compiled(bytes: &[u8], base: &File) -> bool {
    let file = File { name: "mutated.yaml".to_owned(), folder: String::new(), bytes: bytes.into() };
    let (entries, report) = compile(&[file, base.clone()]);
    if let Some(report) = report {
        assert!(!report.render(false).is_empty());
    }
    let mut found = false;
    for entry in entries.iter().filter(|entry| entry.model.source.name == "mutated.yaml") {
        let model = &entry.model;
        found = true;
        let text = rust::formatted(model);
        assert!(syn::parse_file(&text).is_ok(), "{text}");
        let kernel = Kernel::new(model);
        javascript::object(&kernel);
        NodeTapes::new(model);
        CouplingTapes::new(model);
        let derivatives = latex_graph::jacobian(model, &kernel).into_iter().map(|entry| entry.latex);
        for formula in latex::equations(model).into_iter().map(|line| line.latex).chain(derivatives) {
            // A symbol of the file may be no LaTeX; that is told, not met with a crash.
            let _ = mathml(&formula, Style::Display);
        }
        markdown::page(model, "mutated.yaml").expect("the page is written");
        example::rust(model, "");
        example::experiment(model);
    }
    found
}

#[test]
fn edited_files_give_a_model_or_a_report() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let mut seeds = files::read(&root.join("models"), "models").expect("the models are there").files;
    let base = seeds.iter().find(|file| file.name.ends_with("/hopf.yaml")).expect("it is there").clone();
    seeds
        .extend(files::read(&root.join("crates/spec/tests/bad_files"), "bad").expect("they are there").files);
    let count = std::env::var("BRAINMASS_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(300);
    let mut random = Random(0x5eed_0000_0000_0001);
    let mut models = 0;
    for number in 0..count {
        let (seed, other) = (random.below(seeds.len()), random.below(seeds.len()));
        let bytes = mutated(&seeds[seed].bytes, &seeds[other].bytes, &mut random);
        let start = Instant::now();
        let outcome = std::panic::catch_unwind(|| compiled(&bytes, &base));
        let shown = || String::from_utf8_lossy(&bytes).into_owned();
        assert!(outcome.is_ok(), "edit {number} of {} makes it panic:\n{}", seeds[seed].name, shown());
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "edit {number} of {} takes long:\n{}",
            seeds[seed].name,
            shown()
        );
        models += usize::from(outcome.unwrap_or_default());
    }
    // Edits that only break files would try the reader alone.
    assert!(models * 20 > count, "{models} of {count} files are models");
}
