//! Tests of the site's promises, on a small zoo of its own and in a browser.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::accuracy::Pair;
use super::circumstances::Circumstances;
use super::zoo::{self, Item};

/// Models that no other part of the workspace knows.
mod strangers {
    brainmass::include_models!("test_models");
}

/// The model of a file that was dropped into a folder, as the site takes it.
fn stranger() -> Item {
    let file = brainmass_spec::collection::File {
        name: "models/hostile.yaml".to_owned(),
        folder: String::new(),
        bytes: (*include_bytes!("test_models/hostile.yaml")).into(),
    };
    let (mut entries, report) = brainmass_spec::compile(&[file]);
    assert_eq!(report, None);
    let item = Item::new(String::new(), entries.remove(0).model);
    assert_eq!(item.entry.info.hash, strangers::MODELS[0].info.hash, "the text that the macro compiled");
    item
}

/// Models of the library whose pages have their pictures in the site of the tests: one of each kind of page. `cargo xtask docs` draws those of all, which
/// takes minutes.
const DRAWN: [&str; 7] = [
    "HopfStep",
    "WilsonCowanStep",
    "WongWangStep",
    "KuramotoNetwork",
    "HORNSeqLayer",
    "BalloonWindkessel",
    "Diffusive",
];

/// The whole site, with pictures on a few pages, and pages about one model more and about those of a folder.
fn site_with_strangers(models: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let shown = |mut item: Item| {
        if DRAWN.contains(&item.model.name.as_str()) {
            return item;
        }
        item.model.plots = Default::default();
        Item::new(item.folder, item.model)
    };
    let mut items: Vec<Item> = zoo::all().expect("the zoo").into_iter().map(shown).collect();
    items.push(stranger());
    items.extend(zoo::of_folders(&[models.to_owned()]).expect("models that are right"));
    super::write(folder.path(), &crate::workspace::root().join("docs"), &items, &BTreeMap::new())
        .unwrap_or_else(|error| panic!("{error}"));
    folder
}

/// A folder with a model, a rule and a file with mistakes.
fn models() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write(
        "slow.yaml",
        "name: SlowHopfStep\nextends: HopfStep\ntitle: Slow Hopf\nparameters: {w: {default: 0.02 rad/ms}}\n",
    );
    write(
        "pull.yaml",
        "name: PullRule\nkind: coupling\nparameters: {k: {default: 1}}\npre: x_j\npost: k*sum\n",
    );
    write("broken.yaml", "name: BrokenStep\nstates: {x: {}}\n");
    folder
}

/// The page of a model that is loaded says how it is run from its file, and nothing that is true of compiled models alone.
fn a_loaded_model_has_its_page(site: &Path, models: &Path) {
    let page = read(site, "models/SlowHopfStep.html");
    let file = models.join("slow.yaml").display().to_string();
    for part in ["Slow Hopf", "On the command line", &file] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("SlowHopfStep::new") && !page.contains("case of the Python package"), "{page}");
    assert!(read(site, "models/PullRule.html").contains("PullRule"));
    assert!(!site.join("models/BrokenStep.html").exists());
    let empty = tempfile::tempdir().expect("a folder");
    assert!(zoo::of_folders(&[empty.path().to_owned()]).is_err());
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn a_new_model_is_everywhere_and_its_hostile_text_is_text() {
    let models = models();
    let site = site_with_strangers(models.path());
    let folder = site.path();
    a_loaded_model_has_its_page(folder, models.path());
    for page in [
        "choose.html",
        "gallery.html",
        "models/index.html",
        "models/HostileStep.html",
        "assets/search-index.js",
    ] {
        let text = read(folder, page);
        assert!(text.contains("HostileStep"), "{page} does not name it");
        for markup in ["<script>alert", "<img src=x", "<b>Mallory", "<style>body", "href=\"javascript:"] {
            assert!(!text.contains(markup), "{page} holds {markup}");
        }
    }
    let page = read(folder, "models/HostileStep.html");
    for shown in ["&lt;script&gt;alert", "{{ 1 + 1 }}", "`ticks` $x$", "&lt;b&gt;Mallory", "{% raw %}"] {
        assert!(page.contains(shown), "the page does not show {shown}");
    }
    let guide = read(folder, "choose.html");
    assert!(
        guide.split("class=\"guide\"").nth(1).is_some_and(|guide| guide.contains("HostileStep.html")),
        "the guide"
    );
    each_model_page_says(folder, "sigma in state units per sqrt(ms)");
    // Without scripts the phase plane is its picture, with an alt text.
    let (_, plane) = page.split_once("class=\"phase-plane\"").expect("a phase plane");
    assert!(plane.contains("<div class=\"stage\" hidden></div>"), "the empty stage shows");
    let (_, still) = plane.split_once("<figure class=\"still\"><svg").expect("a picture that is not hidden");
    assert!(still.split_once("</svg>").is_some_and(|(svg, _)| svg.contains("<title>")), "no alt text");
    browse(folder);
}

#[test]
fn a_picture_that_is_not_true_fails_the_build() {
    let folder = tempfile::tempdir().expect("a folder");
    // It rests at a for ever, but a thousand times later than the run and all waits.
    let text = "name: SlowStep\ncategory: network\nstates: {x: {init: 0}}\n\
                parameters: {a: {default: 1}, tau: {default: 1e6 ms}}\n\
                integration: {scheme: heun, dt: 1 ms}\nderivatives: {x: (a - x)/tau}\n\
                plots:\n  run: {duration: 10 ms}\n  sweep: {parameter: a, from: 1, to: 2, of: x}\n";
    let model = brainmass_spec::compile_one("slow.yaml", text).unwrap_or_else(|report| panic!("{report}"));
    let items = [Item::new(String::new(), model)];
    let error = super::write(folder.path(), &crate::workspace::root().join("docs"), &items, &BTreeMap::new())
        .expect_err("false");
    assert!(error.starts_with("SlowStep: the sweep over a: the run has not settled at a = 1"), "{error}");
    assert!(!folder.path().join("models").exists(), "no page is written");
}

#[test]
fn the_run_of_a_page_is_that_of_its_example() {
    let mut compared = 0;
    for item in zoo::all().expect("the zoo") {
        let Some(setting) = item.run() else { continue };
        let names = super::figures::recorded(&item);
        let pair = Pair::with_noise(&Circumstances::of_run(&item, setting), &names).expect("it runs");
        let example = super::blocks::example(&item.model.name).expect("an example").expect("it runs");
        for name in names {
            // Bits, for compiled code and the interpreter compute the same.
            assert_eq!(example[name], pair.run[name], "{name} of {}", item.model.name);
            compared += 1;
        }
    }
    assert!(compared > 50, "only {compared} signals");
}

/// The pages of all models, and a sentence that each must hold.
fn each_model_page_says(folder: &Path, sentence: &str) {
    let pages = fs::read_dir(folder.join("models")).expect("pages").map(|entry| entry.expect("a page"));
    let mut count = 0;
    for page in pages.filter(|page| page.file_name() != "index.html") {
        let text = fs::read_to_string(page.path()).expect("text");
        assert!(text.contains(sentence), "{}", page.path().display());
        count += 1;
    }
    assert!(count > 35, "only {count} pages");
}

/// The browser of this machine.
fn chromium() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|path| path.is_file())
}

/// Opens every page in a browser: no error in its console, nothing asked of the network; filters, slider and click do what they should.
fn browse(folder: &Path) {
    let Some(chromium) = chromium() else {
        let _ = writeln!(std::io::stderr(), "skipped: the site in a browser, for there is no chromium here");
        return;
    };
    let mut pages = Vec::new();
    collect(folder, "", &mut pages);
    let harness = include_str!("browser_test.html")
        .replace("/*pages*/", &serde_json::to_string(&pages).expect("names"));
    fs::write(folder.join("browser-test.html"), harness).expect("written");
    let log = folder.join("network.json");
    let profile = tempfile::tempdir().expect("a folder");
    let output = Command::new(&chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--allow-file-access-from-files",
            "--disable-web-security",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--virtual-time-budget=600000",
        ])
        .args(["--enable-logging=stderr", "--dump-dom", "--window-size=1280,900"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--log-net-log={}", log.display()))
        .arg(format!("file://{}", folder.join("browser-test.html").display()))
        .output()
        .expect("chromium runs");
    let page = String::from_utf8_lossy(&output.stdout);
    let told = page
        .split("<pre id=\"report\">")
        .nth(1)
        .and_then(|rest| rest.split("</pre>").next())
        .unwrap_or("no report");
    assert_eq!(told, format!("{} pages, nothing wrong", pages.len()));
    let console = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<&str> =
        console.lines().filter(|line| line.contains(":CONSOLE") && !line.contains("probe.invalid")).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    // What the browser asks for its own upkeep has no page behind it; what a page asks for names the page's site.
    let network = fs::read_to_string(&log).unwrap_or_default();
    let asked: Vec<&str> = network
        .split("{site=file://")
        .skip(1)
        .filter_map(|rest| rest.split_once("\"url\":\"").map(|(_, url)| url.split('"').next().unwrap_or(url)))
        .filter(|url| url.starts_with("http"))
        .collect();
    // The harness asks for one address that is nowhere, so that a log which names requests otherwise is noticed.
    let (probes, others): (Vec<&str>, Vec<&str>) =
        asked.into_iter().partition(|url| url.contains("probe.invalid"));
    assert!(!probes.is_empty(), "the log does not show what pages ask for");
    assert!(others.is_empty(), "pages asked the network for {others:?}");
    from_a_disk(&chromium, folder);
}

/// A reader opens a page from a disk, in a browser as it comes: the phase plane is there, its fixed points found.
fn from_a_disk(chromium: &Path, folder: &Path) {
    let profile = tempfile::tempdir().expect("a folder");
    let output = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--dump-dom"])
        .args(["--virtual-time-budget=10000"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", folder.join("models/HopfStep.html").display()))
        .output()
        .expect("chromium runs");
    let page = String::from_utf8_lossy(&output.stdout);
    assert!(page.contains("data-trajectories=\"1\""), "no phase plane from a disk");
    assert!(page.contains("unstable focus at x = 0, y = 0"), "no fixed point from a disk");
}

fn collect(folder: &Path, inside: &str, pages: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        let name = format!("{inside}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), pages);
        } else if name.ends_with(".html") {
            pages.push(name);
        }
    }
    pages.sort();
}
