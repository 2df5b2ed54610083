//! The site: static pages computed from the model files and the Markdown of `docs/`. Nothing is fetched, neither by the build nor by a
//! reader's browser.

mod accuracy;
mod blocks;
mod catalogue;
mod circumstances;
mod copied;
mod figures;
mod html;
mod links;
mod markdown;
mod model_page;
mod nav;
mod output;
mod pages;
mod search;
mod shown;
mod sweep;
#[cfg(test)]
mod tests;
mod theme;
mod thumbnail;
mod zoo;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use brainmass_tests::golden::run_folder;
use rayon::prelude::*;
use tera::{Context, Tera};

use catalogue::Card;
use figures::Figures;
use markdown::{Heading, Rendered};
use model_page::{Agreement, Known};
use nav::{Link, NavSection};
use output::Output;
use zoo::Item;

/// Builds the site into `target/site`, with the models of some folders beside those of the zoo, and gives the path of its first page. What is
/// wrong in the folders is printed and left out.
///
/// # Errors
///
/// A model of the zoo, a page, a formula or a link has a mistake; the message says which.
pub fn build(folders: &[PathBuf]) -> Result<PathBuf, String> {
    let root = crate::workspace::root();
    let golden = rayon::join(zoo::all, || agreements(&root.join("tests/golden")));
    let (mut items, agreements) = (golden.0?, golden.1?);
    items.extend(zoo::of_folders(folders)?);
    let folder = root.join("target/site");
    let costs = crate::bench::models::read(&crate::bench::models::file())?;
    let known = items.iter().map(|item| {
        let name = &item.model.name;
        (name.clone(), Known { agreement: agreements.get(name).copied(), cost: costs.get(name).cloned() })
    });
    write(&folder, &root.join("docs"), &items, &known.collect())?;
    Ok(folder.join("index.html"))
}

/// Writes the site about `items` into a folder.
fn write(folder: &Path, docs: &Path, items: &[Item], known: &BTreeMap<String, Known>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot write the site: {error}");
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    fs::create_dir_all(folder).map_err(failed)?;
    let tera = templates()?;
    let sections = pages::read(docs)?;
    // The blocks of pages run in a thread of their own, not in the pool's: while they hold the lock on the working folder, a thread of the pool would take up
    // other work as it waits, which may want the same lock.
    let (drawn, computed) = std::thread::scope(|scope| {
        let drawn = scope.spawn(|| drawn_figures(&sections, &folder.join("drawn")));
        let computed = computed(items);
        (drawn.join(), computed)
    });
    let drawn = drawn.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let computed = computed?;
    let texts: Vec<(String, Rendered)> = sections
        .iter()
        .flat_map(|section| &section.pages)
        .map(|page| {
            let figures = drawn.get(&page.path).cloned().unwrap_or_default();
            let text = markdown::render(&page.path, &page.text, &figures);
            Ok((page.url(), text.map_err(|error| format!("docs/{}: {error}", page.path))?))
        })
        .collect::<Result<_, String>>()?;

    let cards: Vec<Card> = items
        .iter()
        .zip(&computed)
        .map(|(item, figures)| Card::new(item, figures, known.get(&item.model.name)))
        .collect();
    let mut outputs = Vec::new();
    for (url, text) in texts {
        outputs.push(text_page(&tera, url, text, &cards)?);
    }
    let written = outputs.len();
    for (item, figures) in items.iter().zip(&computed) {
        let known = known.get(&item.model.name).cloned().unwrap_or_default();
        outputs.push(model_output(&tera, item, figures, known)?);
    }
    outputs.push(model_index(&tera, &cards)?);

    let nav: Vec<NavSection> = sections
        .iter()
        .map(|section| {
            let links = section.pages.iter().map(|page| {
                let title =
                    outputs.iter().find(|output| output.url == page.url()).map(|output| output.title.clone());
                let title = if page.path == "index.md" { Some("Home".to_owned()) } else { title };
                Link { title: title.unwrap_or_default(), url: page.url() }
            });
            NavSection { title: section.title.clone(), links: links.collect() }
        })
        .collect();
    let models = catalogue::navigation(&cards);
    let reading: Vec<&str> =
        models.iter().flat_map(|section| &section.links).map(|link| &*link.url).collect();
    for (index, output) in outputs.iter().enumerate() {
        // Pages of text follow one another as the summary has them, models as the navigation has them.
        let neighbours = if index < written {
            Some((index.checked_sub(1), Some(index + 1).filter(|next| *next < written)))
        } else {
            let at =
                |place: usize| outputs.iter().position(|output| reading.get(place) == Some(&&*output.url));
            let place = reading.iter().position(|url| *url == output.url);
            place.map(|place| (place.checked_sub(1).and_then(at), at(place + 1)))
        };
        let link = |index: Option<usize>| {
            index.map(|index| Link { title: outputs[index].title.clone(), url: outputs[index].url.clone() })
        };
        let (before, after) = neighbours.map_or((None, None), |(before, after)| (link(before), link(after)));
        let text = frame(&tera, output, &nav, &models, before, after)?;
        save(folder, &output.url, text.as_bytes())?;
    }
    let pictures: Vec<_> = computed.iter().filter_map(|figures| figures.accuracy.as_ref()).collect();
    let text = serde_json::to_string_pretty(&pictures).map_err(|error| error.to_string())?;
    save(folder, "assets/pictures.json", text.as_bytes())?;
    save(folder, "assets/search-index.js", search::index(&outputs)?.as_bytes())?;
    assets(folder)?;
    images(&docs.join("images"), folder)?;
    links::check(folder)
}

/// Computes the figures of all models. Reports every model whose pictures would not be true, not the first alone.
fn computed(items: &[Item]) -> Result<Vec<Figures>, String> {
    let outcomes: Vec<Result<Figures, String>> = items.par_iter().map(figures::compute).collect();
    let (found, wrong): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    let wrong: Vec<String> = wrong.into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() { Ok(found.into_iter().flatten().collect()) } else { Err(wrong.join("\n")) }
}

fn save(folder: &Path, url: &str, bytes: &[u8]) -> Result<(), String> {
    let path = folder.join(url);
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    fs::write(&path, bytes).map_err(failed)
}

fn templates() -> Result<Tera, String> {
    let mut tera = Tera::default();
    tera.add_raw_templates([
        ("frame.html", include_str!("../../templates/frame.html")),
        ("model.html", include_str!("../../templates/model.html")),
        ("catalogue.html", include_str!("../../templates/catalogue.html")),
        ("guide.html", include_str!("../../templates/guide.html")),
        ("compare.html", include_str!("../../templates/compare.html")),
        ("gallery.html", include_str!("../../templates/gallery.html")),
        ("pictures.html", include_str!("../../templates/pictures.html")),
        ("model_index.html", include_str!("../../templates/model_index.html")),
        ("zoo.html", include_str!("../../templates/zoo.html")),
    ])
    .map_err(|error| format!("a template has a mistake: {error}"))?;
    Ok(tera)
}

fn render(tera: &Tera, template: &str, context: &Context) -> Result<String, String> {
    tera.render(template, context).map_err(|error| format!("{template}: {error}"))
}

/// The figures that code blocks of pages draw: by page, by number of block.
fn drawn_figures(
    sections: &[pages::Section],
    folder: &Path,
) -> Result<BTreeMap<String, BTreeMap<usize, Vec<String>>>, String> {
    let mut draws: BTreeMap<(&str, usize), bool> = BTreeMap::new();
    for page in sections.iter().flat_map(|section| &section.pages) {
        let blocks = page.text.split("\n```rust\n").skip(1);
        for (number, block) in blocks.enumerate() {
            let code = block.split("\n```").next().unwrap_or_default();
            draws.insert((&page.path, number), code.contains(".svg\""));
        }
    }
    let wanted = |page: &str, number: usize| draws.get(&(page, number)).copied().unwrap_or(false);
    let mut by_page: BTreeMap<String, BTreeMap<usize, Vec<String>>> = BTreeMap::new();
    for ((page, number), svgs) in blocks::figures(folder, wanted)? {
        by_page.entry(page).or_default().insert(number, svgs);
    }
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| error.to_string())?;
    }
    Ok(by_page)
}

/// A page of text, with the parts that are computed from the models where it asks for them: `<!-- catalogue -->`, ...
fn text_page(tera: &Tera, url: String, page: Rendered, cards: &[Card]) -> Result<Output, String> {
    let mut content = page.html;
    let mut wide = false;
    for part in ["catalogue", "guide", "compare", "gallery", "pictures", "zoo"] {
        let marker = format!("<!-- {part} -->");
        if content.contains(&marker) {
            let context = catalogue::context(cards, &up(&url))?;
            content = content.replace(&marker, &render(tera, &format!("{part}.html"), &context)?);
            wide = true;
        }
    }
    // Tables of many columns need the width of the margin.
    if content.contains("<!-- wide -->") {
        content = content.replace("<!-- wide -->", "");
        wide = true;
    }
    Ok(Output { url, title: page.title, kind: "guide", content, headings: page.headings, wide })
}

fn model_output(tera: &Tera, item: &Item, figures: &Figures, known: Known) -> Result<Output, String> {
    let page = model_page::page(item, figures, known)?;
    let mut context = Context::from_serialize(&page).map_err(|error| error.to_string())?;
    context.insert("root", "../");
    let content = render(tera, "model.html", &context)?;
    let heading = |id: &str, text: &str| {
        content.contains(&format!("id=\"{id}\"")).then(|| Heading {
            level: 2,
            id: id.to_owned(),
            text: text.to_owned(),
        })
    };
    let headings = [
        ("dynamics", "Dynamics"),
        ("phase-plane", "Phase plane"),
        ("equations", "Equations"),
        ("tables", if page.has_states() { "States and parameters" } else { "Parameters" }),
        ("fixed-points", "Fixed points"),
        ("sweep", "Sweep"),
        ("diagram", "Bifurcation diagram"),
        ("jacobian", "Jacobian"),
        ("use", "Use it"),
        ("trust", "Cost, agreement and accuracy"),
        ("references", "References"),
        ("file", "Model file"),
    ];
    let headings = headings.iter().filter_map(|(id, text)| heading(id, text)).collect();
    Ok(Output {
        url: format!("models/{}.html", page.name),
        title: page.name,
        kind: "model",
        content,
        headings,
        wide: true,
    })
}

fn model_index(tera: &Tera, cards: &[Card]) -> Result<Output, String> {
    let content = render(tera, "model_index.html", &catalogue::context(cards, "../")?)?;
    let title = "Model reference".to_owned();
    Ok(Output {
        url: "models/index.html".to_owned(),
        title,
        kind: "guide",
        content,
        headings: Vec::new(),
        wide: true,
    })
}

/// Returns the way from a page up to the root of the site.
fn up(url: &str) -> String {
    "../".repeat(url.matches('/').count())
}

fn frame(
    tera: &Tera,
    output: &Output,
    nav: &[NavSection],
    models: &[NavSection],
    before: Option<Link>,
    after: Option<Link>,
) -> Result<String, String> {
    let mut context = Context::new();
    context.insert("root", &up(&output.url));
    context.insert("url", &output.url);
    context.insert("title", &output.title);
    context.insert("home", &(output.url == "index.html"));
    context.insert("is_model", &output.url.starts_with("models/"));
    context.insert("wide", &output.wide);
    context.insert("content", &output.content);
    context.insert("headings", &output.headings);
    context.insert("nav", nav);
    context.insert("models", models);
    context.insert("before", &before);
    context.insert("after", &after);
    context.insert("version", env!("CARGO_PKG_VERSION"));
    render(tera, "frame.html", &context)
}

/// Copies the images that pages show and that no build computes, such as those of notebooks.
fn images(from: &Path, folder: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", from.display());
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let url = format!("images/{}", entry.file_name().to_string_lossy());
        save(folder, &url, &fs::read(entry.path()).map_err(failed)?)?;
    }
    Ok(())
}

fn assets(folder: &Path) -> Result<(), String> {
    let (light, dark) = theme::variables();
    let css = include_str!("../../assets/site.css")
        .replace("/*figures-light*/", &light)
        .replace("/*figures-dark*/", &dark);
    let fonts = crate::workspace::root().join("crates/viz/assets/fonts");
    let read =
        |name: &str| fs::read(fonts.join(name)).map_err(|error| format!("cannot read {name}: {error}"));
    save(folder, "assets/site.css", css.as_bytes())?;
    save(folder, "assets/site.js", include_bytes!("../../assets/site.js"))?;
    save(folder, "assets/catalogue.js", include_bytes!("../../assets/catalogue.js"))?;
    save(folder, "assets/phase-plane.js", include_bytes!("../../assets/phase-plane.js"))?;
    save(folder, "assets/icon.svg", include_bytes!("../../assets/icon.svg"))?;
    save(folder, "assets/fonts/Inter-Regular.ttf", &read("Inter-Regular.ttf")?)?;
    save(folder, "assets/fonts/Inter-SemiBold.ttf", &read("Inter-SemiBold.ttf")?)?;
    save(
        folder,
        "assets/fonts/latinmodern-math.woff2",
        include_bytes!("../../assets/fonts/latinmodern-math.woff2"),
    )
}

/// Runs the reference cases and returns how each model agrees with them. A file of cases is of the model whose name its own ends in.
fn agreements(folder: &Path) -> Result<BTreeMap<String, Agreement>, String> {
    let mut found: BTreeMap<String, Agreement> = BTreeMap::new();
    for report in run_folder(folder).map_err(|error| error.to_string())? {
        let stem = report.name.trim_end_matches(".json");
        let name = stem.rsplit('_').next().unwrap_or(stem);
        let count = report.count();
        let entry = found.entry(name.to_owned()).or_default();
        entry.passed += count.passed;
        entry.failed += count.failed;
        entry.worst = entry.worst.max(report.worst());
    }
    Ok(found)
}
