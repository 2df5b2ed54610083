//! Small pictures of runs, for cards and tables: lines without axes, in the colours of the page.

use std::fmt::Write as _;

use brainmass::Run;
use ndarray::Array2;

const WIDTH: f64 = 240.0;
const HEIGHT: f64 = 96.0;
const MARGIN: f64 = 6.0;
const POINTS: usize = 240;

/// Draws the first of some signals of a run, and those of its unit among the next two.
pub fn of(run: &Run, names: &[&str]) -> String {
    let unit = |name: &str| run.unit(name).unwrap_or("1");
    let alike = names.iter().take(3).filter(|name| unit(name) == unit(names[0]));
    picture(&alike.map(|name| run[*name].column(0).to_vec()).collect::<Vec<_>>())
}

/// Draws the first five nodes of a signal.
pub fn of_nodes(signal: &Array2<f64>) -> String {
    picture(&signal.columns().into_iter().take(5).map(|node| node.to_vec()).collect::<Vec<_>>())
}

/// The smallest and the largest.
fn limits(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    (low, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// Draws lines over one range, which is that of all: what is larger looks larger.
fn picture(lines: &[Vec<f64>]) -> String {
    let range = limits(&lines.concat());
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" class=\"thumbnail\" aria-hidden=\"true\" preserveAspectRatio=\"none\">"
    );
    for (number, values) in lines.iter().enumerate().rev() {
        let _ = write!(
            svg,
            "<path d=\"{}\" fill=\"none\" stroke=\"var(--fig-{})\" stroke-width=\"1.6\" vector-effect=\"non-scaling-stroke\"/>",
            path(values, range),
            number + 1
        );
    }
    svg.push_str("</svg>");
    svg
}

/// A line through the values; columns that hold several show their smallest and largest.
fn path(values: &[f64], (low, high): (f64, f64)) -> String {
    let span = if high - low > 1e-9 * high.abs().max(low.abs()).max(1e-12) { high - low } else { 0.0 };
    let y = |value: f64| {
        let part = if span > 0.0 { (value - low) / span } else { 0.5 };
        HEIGHT - MARGIN - part * (HEIGHT - 2.0 * MARGIN)
    };
    let mut text = String::new();
    let per_column = values.len().div_ceil(POINTS).max(1);
    for (column, chunk) in values.chunks(per_column).enumerate() {
        let x = MARGIN + (WIDTH - 2.0 * MARGIN) * (column * per_column) as f64 / values.len().max(2) as f64;
        let smallest = chunk.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = chunk.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let rising = chunk.last() >= chunk.first();
        let ends = if rising { [smallest, largest] } else { [largest, smallest] };
        for value in if per_column > 1 { &ends[..] } else { &ends[..1] } {
            let _ = write!(text, "{}{x:.1} {:.1}", if text.is_empty() { 'M' } else { 'L' }, y(*value));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_fills_its_box_and_a_constant_lies_in_the_middle() {
        let path = |values: &[f64]| path(values, limits(values));
        assert_eq!(path(&[0.0, 1.0]), "M6.0 90.0L120.0 6.0");
        assert_eq!(path(&[2.0, 2.0]), "M6.0 48.0L120.0 48.0");
        let spike: Vec<f64> = (0..10_000).map(|i| if i == 5000 { 1.0 } else { 0.0 }).collect();
        assert!(path(&spike).contains(" 6.0"), "no extreme is lost");
    }

    #[test]
    fn lines_of_one_picture_have_one_scale() {
        let svg = picture(&[vec![0.0, 10.0], vec![4.0, 6.0]]);
        assert!(svg.contains("M6.0 90.0L120.0 6.0") && svg.contains("M6.0 56.4L120.0 39.6"), "{svg}");
    }
}
