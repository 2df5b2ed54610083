//! Short texts at places of a panel: the names of points and of regions.

use super::draw::{Draw, Frame, Ink, Length};
use crate::axis::{Range, Scale};
use crate::color::Color;
use crate::drawing::{Anchor, Drawing, Rect, TextStyle};
use crate::font::{self, Weight};

/// The distance of a text from the point that it names, in pixels.
const GAP: f64 = 6.0;
/// Points with one name that are nearer than this have it once, in pixels.
const CROWD: f64 = 36.0;

/// Short texts, each at a place. Texts that would cover one another are left out, the later one of two, and a text that stands nearby
/// already.
///
/// ```
/// use brainmass_viz::{Figure, Panel, Points, Tags};
///
/// let panel = Panel::new()
///     .draw(Points::new(&[1.0, 2.0], &[3.0, 1.0]))
///     .draw(Tags::new([(1.0, 3.0, "HB"), (2.0, 1.0, "LP")]));
/// assert!(Figure::new().panel(panel).to_svg()?.contains(">HB<"));
/// # Ok::<(), brainmass_viz::VizError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tags {
    /// The horizontal and vertical coordinates and the texts.
    pub places: Vec<(f64, f64, String)>,
    /// Whether texts stand on their places, in the colour of notes, as names of regions do; else beside them.
    pub is_centred: bool,
}

impl Tags {
    /// Creates texts beside the points (x, y).
    pub fn new<S: Into<String>>(places: impl IntoIterator<Item = (f64, f64, S)>) -> Self {
        let places = places.into_iter().map(|(x, y, text)| (x, y, text.into())).collect();
        Self { places, is_centred: false }
    }

    /// Puts the texts on their places, as names of regions.
    pub fn centred(self) -> Self {
        Self { is_centred: true, ..self }
    }

    /// Finds where each text can stand: its box, which says where it is written, and the text.
    fn placed(&self, frame: &Frame<'_>) -> Vec<(Rect, &str)> {
        let size = frame.theme.tick;
        let mut taken: Vec<(Rect, &str)> = Vec::new();
        let at = |(x, y, _): &(f64, f64, String)| frame.px(*x, *y);
        let points =
            self.places.iter().map(at).map(|at| Rect { x: at[0] - 3.0, y: at[1] - 3.0, w: 6.0, h: 6.0 });
        let points: Vec<Rect> = points.collect();
        let overlap = |a: &Rect, b: &Rect| {
            a.x < b.x + b.w + 2.0 && b.x < a.x + a.w + 2.0 && a.y < b.y + b.h && b.y < a.y + a.h
        };
        for (x, y, text) in &self.places {
            let at = frame.px(*x, *y);
            if !frame.area.grown(1.0).contains(at) {
                continue;
            }
            let (w, h) = (font::width(text, size, Weight::Regular), size);
            let offsets: &[(f64, f64)] = match self.is_centred {
                true => &[(-0.5 * w, -0.5 * h)],
                // Right above the point, then the other corners.
                false => &[(GAP, -GAP - h), (-GAP - w, -GAP - h), (GAP, GAP), (-GAP - w, GAP)],
            };
            let boxes = offsets.iter().map(|(dx, dy)| Rect { x: at[0] + dx, y: at[1] + dy, w, h });
            let inside = |a: &Rect| {
                a.x >= frame.area.x
                    && a.x + a.w <= frame.area.right()
                    && a.y >= frame.area.y
                    && a.y + a.h <= frame.area.bottom()
            };
            // One name serves a crowd.
            let is_named = |(other, name): &(Rect, &str)| {
                *name == text.as_str() && (other.x - at[0]).hypot(other.y - at[1]) < CROWD
            };
            if taken.iter().any(is_named) {
                continue;
            }
            let free = |own: &Rect| inside(own) && taken.iter().all(|(other, _)| !overlap(own, other));
            let covers = |own: &Rect| !self.is_centred && points.iter().any(|point| overlap(own, point));
            let boxes: Vec<Rect> = boxes.filter(free).collect();
            // Rather over another point than nowhere.
            let best = boxes.iter().find(|own| !covers(own)).or(boxes.first()).copied();
            if let Some(own) = best {
                taken.push((own, text));
            }
        }
        taken
    }
}

impl Draw for Tags {
    fn name(&self) -> String {
        "tags".to_owned()
    }

    fn lengths(&self) -> Vec<Length> {
        Vec::new()
    }

    fn ranges(&self, x: Scale, y: Scale) -> (Range, Range) {
        let [xs, ys] = [0, 1].map(|i| -> Vec<f64> {
            self.places.iter().map(|place| if i == 0 { place.0 } else { place.1 }).collect()
        });
        (Range::of(&xs, x), Range::of(&ys, y))
    }

    fn draw(&self, frame: &Frame<'_>, _: Color, out: &mut Drawing) {
        let color = if self.is_centred { frame.theme.muted } else { frame.theme.text };
        let style = TextStyle::new(frame.theme.tick, color, Anchor::Start);
        for (area, text) in self.placed(frame) {
            out.text_centred([area.x, area.y + 0.5 * area.h], &style, text);
        }
    }

    fn ink(&self) -> Ink {
        Ink::Theme
    }

    fn footprint(&self, frame: &Frame<'_>) -> Vec<[f64; 2]> {
        let boxes = self.placed(frame).into_iter();
        boxes
            .flat_map(|(area, _)| {
                [0.0, 0.5, 1.0].map(|share| [area.x + share * area.w, area.y + 0.5 * area.h])
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::drawn;
    use super::*;

    #[test]
    fn texts_do_not_cover_one_another_and_stay_inside() {
        // At one point there is room for four texts around it, and none of the same place for a fifth.
        let five = Tags::new((0..5).map(|i| (5.0, 5.0, format!("T{i}"))));
        assert_eq!(drawn(five).matches("<text").count(), 4);
        let outside = Tags::new([(50.0, 5.0, "gone"), (9.9, 9.9, "corner")]);
        let text = drawn(outside);
        assert!(!text.contains("gone") && text.contains("corner"), "{text}");
        let centred = Tags::new([(5.0, 5.0, "one"), (5.1, 5.0, "two")]).centred();
        assert_eq!(drawn(centred).matches("<text").count(), 1);
    }
}
