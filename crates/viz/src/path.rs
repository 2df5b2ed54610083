//! Lines: broken at gaps, thinned to what a screen can show, clipped to what is in sight.

use super::drawing::Rect;

/// The farthest that a thinned line may lie from the points it leaves out, in pixels.
const TOLERANCE: f64 = 0.08;

/// The distance from a panel to which lines are still followed outside of it, so that joins at its edge look right.
const MARGIN: f64 = 20.0;

/// Returns the parts of a line that are in sight of `area`: finite, clipped and thinned.
pub(crate) fn visible(points: impl Iterator<Item = [f64; 2]>, area: Rect) -> Vec<Vec<[f64; 2]>> {
    let sight = area.grown(MARGIN);
    let mut parts = Vec::new();
    for run in finite_runs(points) {
        for part in clip(&thin_columns(&run), sight) {
            parts.push(simplify(&part, TOLERANCE));
        }
    }
    parts
}

/// Returns a finite line thinned to what can be seen, whether in sight or not.
pub(crate) fn thinned(points: impl Iterator<Item = [f64; 2]>) -> Vec<[f64; 2]> {
    simplify(&thin_columns(&points.collect::<Vec<_>>()), TOLERANCE)
}

/// Returns points along a line, less than `spacing` pixels apart.
pub(crate) fn dotted(line: &[[f64; 2]], spacing: f64) -> Vec<[f64; 2]> {
    let mut out: Vec<_> = line.first().copied().into_iter().collect();
    for pair in line.windows(2) {
        let d = [pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]];
        let steps = (d[0].hypot(d[1]) / spacing).floor() + 1.0;
        out.extend(
            (1..=steps as usize)
                .map(|i| i as f64 / steps)
                .map(|t| [pair[0][0] + t * d[0], pair[0][1] + t * d[1]]),
        );
    }
    out
}

fn finite_runs(points: impl Iterator<Item = [f64; 2]>) -> Vec<Vec<[f64; 2]>> {
    let mut runs = Vec::new();
    let mut run = Vec::new();
    for p in points {
        if p[0].is_finite() && p[1].is_finite() {
            run.push(p);
        } else if !run.is_empty() {
            runs.push(std::mem::take(&mut run));
        }
    }
    if !run.is_empty() {
        runs.push(run);
    }
    runs
}

/// First, lowest, highest and last point of each pixel column, in their order: the same pixels are inked as by all
/// points (Jugel et al. 2014, "M4", doi:10.14778/2732951.2732953). Half-pixel columns, for pictures at twice the size.
fn thin_columns(run: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let column = |p: &[f64; 2]| (2.0 * p[0]).floor();
    let mut out = Vec::new();
    for same in run.chunk_by(|a, b| column(a) == column(b)) {
        if same.len() <= 4 {
            out.extend_from_slice(same);
            continue;
        }
        let by_height = |a: &usize, b: &usize| same[*a][1].total_cmp(&same[*b][1]);
        let lowest = (0..same.len()).min_by(by_height).unwrap_or(0);
        let highest = (0..same.len()).max_by(by_height).unwrap_or(0);
        let mut kept = [0, lowest, highest, same.len() - 1];
        kept.sort_unstable();
        let mut last = None;
        for i in kept {
            if last.replace(i) != Some(i) {
                out.push(same[i]);
            }
        }
    }
    out
}

/// The pieces of a line inside of `sight` (Liang & Barsky 1984).
fn clip(run: &[[f64; 2]], sight: Rect) -> Vec<Vec<[f64; 2]>> {
    if run.iter().all(|&p| sight.contains(p)) {
        return vec![run.to_vec()];
    }
    let mut pieces: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut joined = false;
    for pair in run.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let Some((from, to)) = clip_segment(a, b, sight) else {
            joined = false;
            continue;
        };
        match pieces.last_mut() {
            Some(piece) if joined => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
        joined = to == b;
    }
    pieces
}

fn clip_segment(a: [f64; 2], b: [f64; 2], sight: Rect) -> Option<([f64; 2], [f64; 2])> {
    let d = [b[0] - a[0], b[1] - a[1]];
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (p, q) in [
        (-d[0], a[0] - sight.x),
        (d[0], sight.right() - a[0]),
        (-d[1], a[1] - sight.y),
        (d[1], sight.bottom() - a[1]),
    ] {
        if p < 0.0 {
            enter = enter.max(q / p);
        } else if p > 0.0 {
            leave = leave.min(q / p);
        } else if q < 0.0 {
            return None;
        }
    }
    let at = |t: f64| [a[0] + t * d[0], a[1] + t * d[1]];
    let start = if enter == 0.0 { a } else { at(enter) };
    let end = if leave == 1.0 { b } else { at(leave) };
    (enter <= leave).then_some((start, end))
}

/// Leaves out points within `tolerance` of the line that remains (Williams 1978, "An efficient algorithm for the
/// piecewise linear approximation of planar curves"): a segment grows while one direction passes within `tolerance` of
/// every point it skips, and the line does not turn back.
fn simplify(line: &[[f64; 2]], tolerance: f64) -> Vec<[f64; 2]> {
    let Some(&first) = line.first() else { return Vec::new() };
    let mut out = vec![first];
    let mut cone = Cone::at(first, tolerance);
    for pair in line.windows(2) {
        let (before, p) = (pair[0], pair[1]);
        if !cone.takes(p) {
            out.push(before);
            cone = Cone::at(before, tolerance);
            cone.takes(p);
        }
    }
    if line.len() > 1 {
        out.extend(line.last());
    }
    out
}

/// The directions in which a segment may go on.
struct Cone {
    anchor: [f64; 2],
    tolerance: f64,
    /// Lowest and highest direction, in radians; any, while `reach` is zero.
    directions: (f64, f64),
    /// Distance of the farthest point so far.
    reach: f64,
}

impl Cone {
    fn at(anchor: [f64; 2], tolerance: f64) -> Self {
        Self { anchor, tolerance, directions: (0.0, 0.0), reach: 0.0 }
    }

    /// Takes the point `p` into the segment if a line to it passes near all points taken before, and narrows the cone to directions that
    /// pass near it. Returns whether it did.
    fn takes(&mut self, p: [f64; 2]) -> bool {
        let d = [p[0] - self.anchor[0], p[1] - self.anchor[1]];
        let distance = d[0].hypot(d[1]);
        if self.reach == 0.0 && distance <= self.tolerance {
            return true;
        }
        if distance < self.reach - self.tolerance {
            return false;
        }
        let half = (self.tolerance / distance).min(1.0).asin();
        let mut direction = d[1].atan2(d[0]);
        if self.reach == 0.0 {
            self.directions = (direction - half, direction + half);
        } else {
            let (lo, hi) = self.directions;
            // The reading of the angle, among those a whole turn apart, that is nearest to the cone.
            let turn = std::f64::consts::TAU;
            direction -= turn * ((direction - 0.5 * (lo + hi)) / turn).round();
            if !(lo..=hi).contains(&direction) {
                return false;
            }
            self.directions = (lo.max(direction - half), hi.min(direction + half));
        }
        self.reach = self.reach.max(distance);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Rect = Rect { x: 0.0, y: 0.0, w: 100.0, h: 100.0 };

    #[test]
    fn gaps_break_a_line_and_lone_points_stay() {
        let nan = f64::NAN;
        let points =
            [[0.0, 0.0], [1.0, 5.0], [nan, 1.0], [3.0, 3.0], [4.0, f64::INFINITY], [5.0, 5.0], [6.0, 0.0]];
        assert_eq!(
            visible(points.into_iter(), AREA),
            [vec![[0.0, 0.0], [1.0, 5.0]], vec![[3.0, 3.0]], vec![[5.0, 5.0], [6.0, 0.0]]]
        );
    }

    #[test]
    fn long_series_keep_their_peaks_in_few_points() {
        let n = 1_000_000;
        let signal = |i: usize| {
            let x = i as f64 / n as f64;
            [100.0 * x, if i == 123_457 { 3.25 } else { 50.0 + 20.0 * (6000.0 * x).sin() }]
        };
        let parts = visible((0..n).map(signal), AREA);
        assert!(parts[0].len() <= 4 * 200, "{} points left", parts[0].len());
        assert!(parts[0].iter().any(|p| p[1] == 3.25), "the spike is lost");
    }

    #[test]
    fn what_is_left_out_lies_on_the_line_that_is_left() {
        let circle: Vec<_> = (0..=2000)
            .map(|i| f64::from(i) * std::f64::consts::TAU / 2000.0)
            .map(|t| [50.0 + 40.0 * t.cos(), 50.0 + 40.0 * t.sin()])
            .collect();
        let kept = simplify(&circle, TOLERANCE);
        assert!(kept.len() < 120, "{} points left", kept.len());
        for p in &circle {
            let distance =
                kept.windows(2).map(|w| distance_to_segment(*p, w[0], w[1])).fold(f64::MAX, f64::min);
            assert!(distance <= 2.0 * TOLERANCE, "{p:?} is {distance} px off");
        }
    }

    fn distance_to_segment(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
        let d = [b[0] - a[0], b[1] - a[1]];
        let length2 = (d[0] * d[0] + d[1] * d[1]).max(1e-300);
        let t = (((p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1]) / length2).clamp(0.0, 1.0);
        (p[0] - a[0] - t * d[0]).hypot(p[1] - a[1] - t * d[1])
    }

    #[test]
    fn far_points_are_cut_where_the_line_leaves_the_panel() {
        let parts = visible([[50.0, 50.0], [50.0, 1e12], [90.0, 50.0]].into_iter(), AREA);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0], [[50.0, 50.0], [50.0, 120.0]]);
        assert_eq!(parts[1][1], [90.0, 50.0]);
    }

    #[test]
    fn a_line_that_turns_back_keeps_its_turning_point() {
        let parts = visible([[10.0, 10.0], [60.0, 10.0], [20.0, 10.0]].into_iter(), AREA);
        assert_eq!(parts[0], [[10.0, 10.0], [60.0, 10.0], [20.0, 10.0]]);
    }
}
