//! Mistakes in a file: all of them are collected, and rendered in the manner of rustc.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};
use serde::Serialize;

use crate::source::{Source, Span};

/// One mistake in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Message that says what is wrong.
    pub message: String,
    /// Place of the mistake.
    pub span: Span,
    /// Text under the underlined part of the file; may be empty.
    pub label: String,
    /// Advice on what to do about the mistake.
    pub help: Option<String>,
}

impl Problem {
    /// A mistake at a place.
    pub fn new(span: &Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), span: span.clone(), label: String::new(), help: None }
    }

    /// Says `label` under the underlined text.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds what to do about it, behind what was said of that before.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        let help = help.into();
        self.help = match self.help {
            Some(before) => Some(format!("{before}; {help}")),
            None => Some(help),
        };
        self
    }

    /// Renders the message as an error: what is wrong, what to do about it, and the line it is about, underlined; in colour for a terminal.
    pub fn render(&self, colour: bool) -> String {
        self.render_as(Level::ERROR, colour)
    }

    /// Renders the message as a warning, in the same manner.
    pub fn render_warning(&self, colour: bool) -> String {
        self.render_as(Level::WARNING, colour)
    }

    fn render_as(&self, level: Level<'static>, colour: bool) -> String {
        let source = &self.span.source;
        let (line_text, line_start, line_number) = excerpt(source, self.span.range.start);
        let start = (self.span.range.start - line_start).min(line_text.len());
        // A span over several lines, as of a folded scalar, underlines its first.
        let end = (self.span.range.end - line_start).clamp(start, line_text.len());
        let annotation = AnnotationKind::Primary.span(start..end);
        // Names in a file may hold what a terminal takes for a command.
        let (message, label, path) = (visible(&self.message), visible(&self.label), visible(&source.name));
        let help = self.help.as_deref().map(visible);
        let annotation = if label.is_empty() { annotation } else { annotation.label(&*label) };
        let snippet = Snippet::source(line_text)
            .line_start(line_number)
            .path(&*path)
            .fold(false)
            .annotation(annotation);
        let renderer =
            if colour { Renderer::styled() } else { Renderer::plain() }.decor_style(DecorStyle::Ascii);
        let rendered = renderer.render(&[level.primary_title(&*message).element(snippet)]);
        let Some(help) = help else { return rendered };
        // The way out stands before the place, where it is read first; the renderer would put it at the end.
        let help = renderer.render(&[Group::with_title(Level::HELP.secondary_title(&*help))]);
        let lines = message.lines().count().max(1);
        match rendered.match_indices('\n').nth(lines - 1) {
            Some((end, _)) => format!("{}\n{help}{}", &rendered[..end], &rendered[end..]),
            None => format!("{rendered}\n{help}"),
        }
    }
}

/// Writes control characters as `\u{1b}`, so that they are seen and do nothing.
fn visible(text: &str) -> Cow<'_, str> {
    let acts = |c: char| c.is_control() && c != '\n';
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|c| if acts(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

/// A mistake as data, for programs that show it in their own way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The name of the file.
    pub file: String,
    /// The line of the first character that the mistake is about, from 1.
    pub line: usize,
    /// The column of that character, from 1; it counts characters.
    pub column: usize,
    /// The line of the character behind the last one, from 1.
    pub end_line: usize,
    /// The column of that character, from 1.
    pub end_column: usize,
    /// The text that the mistake is about.
    pub text: String,
    /// The mistake in words.
    pub message: String,
    /// A remark about the text, such as the name that may have been meant; may be empty.
    pub label: String,
    /// The way out, if one is known.
    pub help: Option<String>,
}

impl From<&Problem> for Diagnostic {
    fn from(problem: &Problem) -> Self {
        let Span { source, range } = &problem.span;
        let ((line, column), (end_line, end_column)) =
            (source.line_column(range.start), source.line_column(range.end));
        Self {
            file: source.name.clone(),
            line,
            column,
            end_line,
            end_column,
            text: problem.span.text().to_owned(),
            message: problem.message.clone(),
            label: problem.label.clone(),
            help: problem.help.clone(),
        }
    }
}

/// The line that holds `byte`, its first byte and its number from 1. A very long line is cut around `byte`.
fn excerpt(source: &Arc<Source>, byte: usize) -> (&str, usize, usize) {
    const WIDEST: usize = 400;
    let text = &source.text;
    let byte = byte.min(text.len());
    let start = text[..byte].rfind('\n').map_or(0, |index| index + 1);
    let end = text[byte..].find('\n').map_or(text.len(), |index| byte + index);
    let number = source.line_column(byte).0;
    if end - start <= WIDEST {
        return (text[start..end].trim_end_matches('\r'), start, number);
    }
    let from = Span::new(source, byte.saturating_sub(WIDEST / 2).max(start)..end).range.start;
    let to = Span::new(source, from..(from + WIDEST).min(end)).range.end;
    (&text[from..to], from, number)
}

/// Most mistakes that are kept; a file that has more is no file of a person who looks for one.
const MOST: usize = 1000;

/// The mistakes found so far. A pass reports into it and goes on, so that all mistakes of a file are seen at once.
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<Problem>,
    /// Message, file and place of each, by which a mistake that is reached twice is known.
    seen: HashSet<(String, String, Range<usize>)>,
    warnings: Vec<Problem>,
}

impl Problems {
    /// Notes a mistake.
    pub fn push(&mut self, problem: Problem) {
        let Span { source, range } = &problem.span;
        // The same text may be reached twice, as by a function that is called from two places.
        let key = (problem.message.clone(), source.name.clone(), range.clone());
        if !self.is_full() && self.seen.insert(key) {
            self.found.push(problem);
        }
    }

    /// Whether no more mistakes are kept, so that looking for them is in vain.
    pub fn is_full(&self) -> bool {
        self.found.len() >= MOST
    }

    /// Notes something that is no mistake but may not be what its author means.
    pub fn warn(&mut self, problem: Problem) {
        if !self.warnings.contains(&problem) {
            self.warnings.push(problem);
        }
    }

    /// Takes the warnings out, in the order in which they were noted.
    pub fn take_warnings(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.warnings)
    }

    /// The number of mistakes found.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// `value` if nothing was found, else the report.
    pub fn finish<T>(self, value: T) -> Result<T, Report> {
        match Report::new(self.found) {
            None => Ok(value),
            Some(report) => Err(report),
        }
    }
}

/// All mistakes of one or several files; at least one.
#[derive(Clone, PartialEq)]
pub struct Report {
    problems: Vec<Problem>,
}

impl Report {
    /// A report, if there is anything to report, in the order of the text.
    pub fn new(mut problems: Vec<Problem>) -> Option<Self> {
        problems.sort_by(|a, b| {
            let key = |p: &Problem| (p.span.source.name.clone(), p.span.range.start);
            key(a).cmp(&key(b))
        });
        (!problems.is_empty()).then_some(Self { problems })
    }

    /// The mistakes, in the order of the text.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns the mistakes as data, in the order of the text.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.problems.iter().map(Diagnostic::from).collect()
    }

    /// All of them rendered, an empty line between two; in colour for a terminal. Past a hundred only their number is told.
    pub fn render(&self, colour: bool) -> String {
        const SHOWN: usize = 100;
        let mut rendered: Vec<String> =
            self.problems.iter().take(SHOWN).map(|problem| problem.render(colour)).collect();
        if self.problems.len() > SHOWN {
            let least = if self.problems.len() >= MOST { "at least " } else { "" };
            rendered.push(format!("... and {least}{} more mistakes", self.problems.len() - SHOWN));
        }
        rendered.join("\n\n")
    }
}

impl From<Problem> for Report {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl fmt::Debug for Report {
    /// Shows the mistakes as text, as a `main` that returns them prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => writeln!(f, "there is a mistake\n")?,
            count => writeln!(f, "there are {count} mistakes\n")?,
        }
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Report {}

/// Shows errors in `{:?}` as the sentences that they are: a `main` that returns one prints it so.
#[doc(hidden)]
#[macro_export]
macro_rules! debug_as_text {
    ($($error:ty),+ $(,)?) => {$(
        impl ::std::fmt::Debug for $error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(self, f)
            }
        }
    )+};
}

/// The most names that a hint lists; more are no help to a person who looks for one.
const LISTED: usize = 8;

/// A hint for a name that does not exist: what may have been meant, and what there is where that is a short list or nothing is near.
pub fn suggestion<'a, S: AsRef<str> + ?Sized + 'a>(
    unknown: &str,
    what: &str,
    known: impl IntoIterator<Item = &'a S>,
) -> String {
    suggestion_of(unknown, what, &known.into_iter().map(AsRef::as_ref).collect::<Vec<_>>())
}

/// The hint, compiled once for all kinds of lists.
fn suggestion_of(unknown: &str, what: &str, known: &[&str]) -> String {
    let more = if known.len() > LISTED { format!(", ... ({} in all)", known.len()) } else { String::new() };
    let listed = known.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    match nearest(unknown, known.iter().copied()) {
        Some(name) if known.len() > LISTED => format!("did you mean `{name}`?"),
        Some(name) => format!("did you mean `{name}`? {what} are {listed}"),
        None if known.is_empty() => format!("there are no {what}"),
        None => format!("{what} are {listed}{more}"),
    }
}

/// Returns the name that an unknown one most likely stands for: one that it begins, or one that differs by a third of its letters at most.
pub fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = unknown.chars().count();
    let distance = |name: &str| {
        // A name cut short is near to the whole of it.
        let cut_short = length >= 3 && name.to_lowercase().starts_with(&unknown.to_lowercase());
        // A name in other case is nearer than any other.
        match name.eq_ignore_ascii_case(unknown) {
            true => 0,
            false if cut_short => 1,
            false => edit_distance(unknown, name),
        }
    };
    // Of several that are as near, the shortest has the least in it that nobody wrote.
    let best = known.into_iter().map(|name| (distance(name), name.len(), name)).min();
    best.filter(|(distance, ..)| *distance <= length.div_ceil(3).max(1)).map(|(_, _, name)| name)
}

/// Insertions, deletions, substitutions and swaps of neighbours (one each) that turn `a` into `b`, case counting half.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(64).collect(), b.chars().take(64).collect());
    // Names of very different lengths are far apart, whatever they are.
    if a.len().abs_diff(b.len()) > a.len().div_ceil(3).max(1) {
        return a.len().max(b.len());
    }
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let same = a[i - 1].eq_ignore_ascii_case(&b[j - 1]);
                let mut best =
                    (rows[i - 1][j - 1] + usize::from(!same)).min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_underlines_its_text() {
        let source = Source::new("models/hopf.yaml", "a: 1\nx: omga*y\n");
        let problem = Problem::new(&Span::new(&source, 8..12), "unknown name `omga`")
            .label("this one")
            .help("did you mean `w`?");
        insta::assert_snapshot!(problem.render(false), @r"
        error: unknown name `omga`
        help: did you mean `w`?
         --> models/hopf.yaml:2:4
          |
        2 | x: omga*y
          |    ^^^^ this one
        ");
        let coloured = problem.render(true);
        let lines: Vec<&str> = coloured.lines().collect();
        assert!(lines[1].contains("help") && lines[2].contains("-->"), "{coloured}");
    }

    #[test]
    fn control_characters_of_a_file_reach_no_terminal() {
        let source = Source::new("a\u{1b}[31m.yaml", "\"x\\e[2J\": 1\n");
        let problem =
            Problem::new(&Span::new(&source, 0..8), "unknown key `x\u{1b}[2J`").help("no \u{7} here");
        let rendered = problem.label("or \u{9b}here").render(false);
        assert!(!rendered.contains(|c: char| c.is_control() && c != '\n'), "{rendered:?}");
    }

    #[test]
    fn a_problem_is_data_as_well() {
        let source = Source::new("models/hopf.yaml", "a: 1\n\u{3c9}: omga*y\n");
        let problem = Problem::new(&Span::new(&source, 9..13), "unknown name `omga`").help("say `omega`");
        let data = Report::from(problem).diagnostics();
        assert_eq!(
            serde_yaml::to_string(&data).unwrap(),
            "- file: models/hopf.yaml\n  line: 2\n  column: 4\n  end_line: 2\n  end_column: 8\n  text: omga\n  message: unknown name `omga`\n  label: ''\n  help: say `omega`\n"
        );
    }

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert!(suggestion("tua", "parameters", ["tau", "w"]).starts_with("did you mean `tau`?"));
        assert_eq!(suggestion("velocity", "parameters", ["tau", "w"]), "parameters are tau, w");
        assert_eq!(
            nearest("WilsonCowan", ["WilsonCowanLinearStep", "WilsonCowanStep"]),
            Some("WilsonCowanStep")
        );
    }

    #[test]
    fn long_lists_are_cut_and_left_out_where_a_name_is_near() {
        let many: Vec<String> = (0..30).map(|index| format!("parameter_{index}")).collect();
        assert_eq!(suggestion("paramter_7", "parameters", &many), "did you mean `parameter_7`?");
        let far = suggestion("velocity", "parameters", &many);
        assert!(far.ends_with("parameter_7, ... (30 in all)"), "{far}");
    }
}
