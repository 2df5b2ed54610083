//! Pages in Markdown to HTML: formulas as MathML, code in colours with the figures it draws, links between pages.

use std::collections::BTreeMap;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::copied;
use super::html::{escape, highlight};
use brainmass_codegen::mathml::{Style, mathml};

/// A heading that a page can be entered at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Heading {
    /// 2 or 3.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its text.
    pub text: String,
}

/// A page as HTML.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    /// The first heading.
    pub title: String,
    /// Everything, the first heading included.
    pub html: String,
    /// The headings below it.
    pub headings: Vec<Heading>,
}

/// Renders the page of a path in `docs/`. `figures` are those that the page's code draws, by number of block.
///
/// # Errors
///
/// A formula that cannot be typeset, a link to a file that the repository does not have.
pub fn render(path: &str, text: &str, figures: &BTreeMap<usize, Vec<String>>) -> Result<Rendered, String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_SMART_PUNCTUATION;
    let mut page = Rendered::default();
    let mut events: Vec<Event> = Vec::new();
    let mut code: Option<(String, String)> = None;
    let mut heading: Option<(HeadingLevel, String, usize)> = None;
    let mut number = 0;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                code = Some((language, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                let (info, text) = code.take().unwrap_or_default();
                events.push(raw(code_block(&info, &text)));
                if info == "rust" {
                    for svg in figures.get(&number).into_iter().flatten() {
                        events.push(raw(format!(
                            "<figure class=\"drawn\">{}</figure>\n",
                            super::theme::adaptive(svg)
                        )));
                    }
                    number += 1;
                }
            }
            Event::Text(text) if code.is_some() => {
                if let Some((_, code)) = &mut code {
                    code.push_str(&text);
                }
            }
            Event::InlineMath(latex) => events.push(raw(mathml(&latex, Style::Inline)?)),
            Event::DisplayMath(latex) => {
                events
                    .push(raw(format!("<div class=\"equation\">{}</div>", mathml(&latex, Style::Display)?)));
            }
            Event::Start(Tag::Heading { level, .. }) => heading = Some((level, String::new(), events.len())),
            Event::End(TagEnd::Heading(_)) => {
                let Some((level, text, start)) = heading.take() else { continue };
                let inner: Vec<Event> = events.drain(start..).collect();
                let mut inside = String::new();
                html::push_html(&mut inside, inner.into_iter());
                events.push(raw(page.heading(level, &text, &inside)));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = CowStr::from(page_link(path, &dest_url)?);
                events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Event::Start(Tag::Table(alignment)) => {
                events.push(raw("<div class=\"scroll\">".to_owned()));
                events.push(Event::Start(Tag::Table(alignment)));
            }
            Event::End(TagEnd::Table) => {
                events.push(Event::End(TagEnd::Table));
                events.push(raw("</div>".to_owned()));
            }
            other => {
                if let (Some((_, text, _)), Event::Text(more) | Event::Code(more)) = (&mut heading, &other) {
                    text.push_str(more);
                }
                events.push(other);
            }
        }
    }
    html::push_html(&mut page.html, events.into_iter());
    Ok(page)
}

impl Rendered {
    fn heading(&mut self, level: HeadingLevel, text: &str, inside: &str) -> String {
        if level == HeadingLevel::H1 && self.title.is_empty() {
            self.title = text.to_owned();
            return format!("<h1>{inside}</h1>\n");
        }
        let level = level as u8;
        let mut id = anchor(text);
        let taken = |id: &str, all: &[Heading]| all.iter().any(|heading| heading.id == id);
        while taken(&id, &self.headings) {
            id.push_str("-again");
        }
        if level <= 3 {
            self.headings.push(Heading { level, id: id.clone(), text: text.to_owned() });
        }
        format!(
            "<h{level} id=\"{id}\">{inside}<a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to this section\">#</a></h{level}>\n"
        )
    }
}

fn raw(html: String) -> Event<'static> {
    Event::Html(CowStr::from(html))
}

/// A heading's anchor: its letters and digits in small, with dashes between.
pub fn anchor(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

/// A block of code; of Rust, without the lines that a doc comment would hide.
pub fn code_block(info: &str, text: &str) -> String {
    let language = info.split(',').next().unwrap_or_default();
    let shown = if language == "rust" {
        let kept = text.lines().filter(|line| *line != "#" && !line.starts_with("# "));
        kept.collect::<Vec<_>>().join("\n")
    } else {
        text.trim_end().to_owned()
    };
    // What is copied is a whole program.
    let copied = match info == "rust" {
        true => format!(" data-copy=\"{}\"", escape(&copied::program(text))),
        false => String::new(),
    };
    format!(
        "<div class=\"code\"{copied}><pre tabindex=\"0\"><code class=\"language-{}\">{}</code></pre></div>\n",
        escape(language),
        highlight(shown.trim(), language)
    )
}

/// A link of the page of a path: to a Markdown file as one to its page, to what lies outside of `docs/` as one to the repository.
fn page_link(path: &str, link: &str) -> Result<String, String> {
    if link.contains("://") || link.starts_with('#') {
        return Ok(link.to_owned());
    }
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let depth = path.matches('/').count();
    let outside = "../".repeat(depth + 1);
    let address = if let Some(file) = file.strip_prefix(&outside) {
        if !crate::workspace::root().join(file).exists() {
            return Err(format!("links to {link}, which is not there"));
        }
        format!("{}/blob/main/{file}", env!("CARGO_PKG_REPOSITORY"))
    } else if let Some(before) = file.strip_suffix("models/README.md") {
        format!("{before}models/index.html")
    } else {
        file.strip_suffix(".md").map_or(file.to_owned(), |stem| format!("{stem}.html"))
    };
    Ok(anchor.map_or(address.clone(), |anchor| format!("{address}#{anchor}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_headings_formulas_code_and_links() {
        let text = "# Title\n\n## A `b` c\n\n$x^2$ and [link](a/b.md#c)\n\n```rust\n# hidden();\nshown();\n```\n\n## A b c\n";
        let figures = BTreeMap::from([(0, vec!["<svg></svg>".to_owned()])]);
        let page = render("page.md", text, &figures).unwrap();
        assert_eq!(page.title, "Title");
        let ids: Vec<&str> = page.headings.iter().map(|heading| heading.id.as_str()).collect();
        assert_eq!(ids, ["a-b-c", "a-b-c-again"]);
        assert!(page.html.contains("href=\"a/b.html#c\"") && page.html.contains("<math"), "{}", page.html);
        let code = page.html.split("<code").nth(1).unwrap_or_default();
        assert!(code.contains("shown") && !code.contains("hidden"), "{code}");
        let program = "fn main() -&gt; Result&lt;(), Box&lt;dyn std::error::Error&gt;&gt; {";
        assert!(
            page.html.contains("data-copy=\"// cargo add ") && page.html.contains(program),
            "{}",
            page.html
        );
        assert!(page.html.contains("<figure class=\"drawn\"><svg>"));
    }

    #[test]
    fn a_formula_with_a_mistake_fails_the_build() {
        assert!(render("page.md", "$\\frac{1}$", &BTreeMap::new()).unwrap_err().contains("frac"));
    }

    #[test]
    fn a_link_out_of_the_docs_leads_to_the_repository() {
        let repository = env!("CARGO_PKG_REPOSITORY");
        assert_eq!(
            page_link("how-to/page.md", "../../models/README.md#units"),
            Ok(format!("{repository}/blob/main/models/README.md#units"))
        );
        assert_eq!(page_link("how-to/page.md", "../models/README.md").as_deref(), Ok("../models/index.html"));
        assert!(page_link("page.md", "../nowhere.md").unwrap_err().contains("nowhere"));
    }
}
