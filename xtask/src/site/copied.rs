//! The program that the copy button of a block of Rust gives: a whole one, with the commands that add what it needs. The build script compiles each of them
//! with this crate, so this file knows nothing else.

/// The library as `cargo add` finds it: in its repository as long as it is not published; then by its name alone.
const LIBRARY: &str = concat!("--git ", env!("CARGO_PKG_REPOSITORY"), " brainmass");

/// Returns the program that a block stands for; `text` is the block as its page has it, with the lines that the page hides.
///
/// Lines that check what came out stay out of it, and the closing line of a doc comment.
pub fn program(text: &str) -> String {
    let kept = text.lines().filter_map(|line| match line {
        "#" => Some(""),
        _ => match line.strip_prefix("# ") {
            Some(hidden) => {
                let is_needed = !hidden.starts_with("Ok::<") && !hidden.trim_start().starts_with("assert");
                is_needed.then_some(hidden)
            }
            None => Some(line),
        },
    });
    let body: Vec<&str> = kept.collect();
    let body = body.join("\n");
    let body = body.trim();
    if body.contains("fn main()") {
        return format!("{body}\n");
    }
    let mut lines: Vec<String> = needs(body);
    // Errors of losses go through threads, and no others become what they are.
    let threads = if body.contains("SimulationLoss") { " + Send + Sync" } else { "" };
    lines.push(format!("fn main() -> Result<(), Box<dyn std::error::Error{threads}>> {{"));
    // Lines of a text over several lines stay as they are.
    let is_text = body.contains("= \"\n") || body.contains("r\"\n");
    lines.extend(body.lines().map(|line| match line {
        "" => String::new(),
        line if is_text => line.to_owned(),
        line => format!("    {line}"),
    }));
    lines.push("    Ok(())".to_owned());
    lines.push("}".to_owned());
    lines.join("\n") + "\n"
}

/// The commands that add what a program needs, as comments.
fn needs(body: &str) -> Vec<String> {
    let uses = |parts: &[&str]| parts.iter().any(|part| body.contains(part));
    let mut features = Vec::new();
    if uses(&[
        "::fit",
        "fit::",
        "::training",
        "training::",
        "::sequence",
        "sequence::",
        "::optimiser",
        "SeqLayer",
        "SeqNetwork",
    ]) {
        features.push("fit");
    }
    if uses(&["::viz", "viz::"]) {
        features.push("viz");
    }
    let features =
        if features.is_empty() { String::new() } else { format!(" --features {}", features.join(",")) };
    let mut lines = vec![format!("// cargo add {LIBRARY}{features}")];
    if body.contains("ndarray") {
        lines.push("// cargo add ndarray@0.17".to_owned());
    }
    lines
}
