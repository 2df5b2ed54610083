//! A panel of 100 x 100 px that shows 0 to 10 both ways.

use std::sync::LazyLock;

use super::Mark;
use super::draw::Frame;
use crate::axis::{Ruler, Scale};
use crate::color::Color;
use crate::drawing::{Drawing, Rect};
use crate::theme::Theme;

static THEME: LazyLock<Theme> = LazyLock::new(Theme::light);

pub fn frame() -> Frame<'static> {
    Frame {
        x: Ruler::new(Scale::Linear, (0.0, 10.0), 0.0, 100.0),
        y: Ruler::new(Scale::Linear, (0.0, 10.0), 100.0, 0.0),
        area: Rect { x: 0.0, y: 0.0, w: 100.0, h: 100.0 },
        theme: &THEME,
    }
}

pub fn drawn(mark: impl Into<Mark>) -> String {
    let mut drawing = Drawing::new((100.0, 100.0), THEME.background, "");
    mark.into().as_draw().draw(&frame(), Color::hex(0x123456), &mut drawing);
    crate::svg::body(&drawing)
}
