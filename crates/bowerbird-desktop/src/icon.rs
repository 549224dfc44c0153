//! Icons, drawn: a handful of strokes each, so that they are as sharp as the text at any scale and need no font.

use eframe::egui::{self, Color32, Painter, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, Vec2};

/// Width of an icon's place in a row.
pub(crate) const WIDTH: f32 = 18.0;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// Two columns of dots: it can be dragged.
    Grip,
    /// Three dots: there is more.
    More,
    /// An arrow head to the right: folded.
    Folded,
    /// An arrow head downwards: unfolded.
    Unfolded,
    /// A triangle with a stroke: something is wrong.
    Warning,
    /// An arrow that turns back.
    Reset,
    /// A disk.
    Record,
    /// A square.
    Stop,
    /// A cross within a circle: a place on the picture.
    Target,
    /// An angle: the picture is straightened.
    Angle,
    /// Arrow heads to both sides.
    Sides,
    /// A star, full or hollow.
    Star { filled: bool },
    /// Two bars.
    Pause,
    /// A triangle to the right.
    Play,
    /// Hills under a sun: a picture that is not there yet.
    Picture,
    /// A window whose right side is a panel.
    RightPanel { filled: bool },
    /// A window whose lower side is a panel.
    BottomPanel { filled: bool },
}

impl Icon {
    /// Draws it into the middle of a rectangle, at most 14 points wide.
    pub(crate) fn paint(self, painter: &Painter, rect: Rect, color: Color32) {
        let side = rect.size().min_elem().min(14.0);
        let at = |x: f32, y: f32| rect.center() + Vec2::new(x, y) * side * 0.5;
        let stroke = Stroke::new((side / 9.0).max(1.2), color);
        let line = |points: &[(f32, f32)]| {
            painter.add(Shape::line(points.iter().map(|(x, y)| at(*x, *y)).collect(), stroke));
        };
        let fill = |points: &[(f32, f32)]| {
            let points: Vec<Pos2> = points.iter().map(|(x, y)| at(*x, *y)).collect();
            painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
        };
        let dot = |x: f32, y: f32, radius: f32| painter.circle_filled(at(x, y), radius * side * 0.5, color);
        match self {
            Self::Grip => {
                for y in [-0.6, 0.0, 0.6] {
                    dot(-0.3, y, 0.16);
                    dot(0.3, y, 0.16);
                }
            }
            Self::More => [-0.65, 0.0, 0.65].into_iter().for_each(|x| {
                dot(x, 0.0, 0.17);
            }),
            Self::Folded => line(&[(-0.25, -0.55), (0.35, 0.0), (-0.25, 0.55)]),
            Self::Unfolded => line(&[(-0.55, -0.25), (0.0, 0.35), (0.55, -0.25)]),
            Self::Warning => {
                line(&[(0.0, -0.8), (0.9, 0.75), (-0.9, 0.75), (0.0, -0.8), (0.1, -0.63)]);
                line(&[(0.0, -0.25), (0.0, 0.2)]);
                dot(0.0, 0.48, 0.12);
            }
            Self::Reset => {
                let arc: Vec<(f32, f32)> = (0..=20)
                    .map(|step| {
                        let angle = -2.4 + f64::from(step) / 20.0 * 4.9;
                        ((0.62 * angle.cos()) as f32, (0.62 * angle.sin()) as f32)
                    })
                    .collect();
                line(&arc);
                line(&[(-0.95, -0.35), (-0.46, -0.42), (-0.38, -0.92)]);
            }
            Self::Record => {
                dot(0.0, 0.0, 0.55);
            }
            Self::Stop => fill(&[(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]),
            Self::Target => {
                painter.circle_stroke(at(0.0, 0.0), 0.5 * side * 0.5, stroke);
                line(&[(-0.95, 0.0), (-0.25, 0.0)]);
                line(&[(0.25, 0.0), (0.95, 0.0)]);
                line(&[(0.0, -0.95), (0.0, -0.25)]);
                line(&[(0.0, 0.25), (0.0, 0.95)]);
            }
            Self::Angle => {
                line(&[(0.8, -0.75), (-0.85, 0.6), (0.9, 0.6)]);
                line(&[(0.05, 0.6), (0.0, 0.25), (-0.2, 0.08)]);
            }
            Self::Sides => {
                line(&[(-0.35, -0.5), (-0.85, 0.0), (-0.35, 0.5)]);
                line(&[(0.35, -0.5), (0.85, 0.0), (0.35, 0.5)]);
            }
            Self::Star { filled } => {
                let corner = |index: usize| {
                    let turn = index as f32 * core::f32::consts::PI / 5.0;
                    let radius = if index.is_multiple_of(2) { 0.95 } else { 0.4 };
                    (radius * f64::from(turn).sin() as f32, 0.08 - radius * f64::from(turn).cos() as f32)
                };
                if filled {
                    fill(&[1, 3, 5, 7, 9].map(corner));
                    for tip in [0, 2, 4, 6, 8] {
                        fill(&[corner((tip + 9) % 10), corner(tip), corner(tip + 1)]);
                    }
                } else {
                    let outline: Vec<_> = (0..=10).map(|index| corner(index % 10)).collect();
                    line(&outline);
                }
            }
            Self::Pause => {
                fill(&[(-0.5, -0.6), (-0.15, -0.6), (-0.15, 0.6), (-0.5, 0.6)]);
                fill(&[(0.15, -0.6), (0.5, -0.6), (0.5, 0.6), (0.15, 0.6)]);
            }
            Self::Picture => {
                line(&[(-1.0, 0.7), (-0.4, -0.1), (0.05, 0.4), (0.4, 0.0), (1.0, 0.7), (-1.0, 0.7), (-0.9, 0.57)]);
                dot(0.45, -0.5, 0.18);
            }
            Self::RightPanel { filled } | Self::BottomPanel { filled } => {
                line(&[(-0.9, -0.7), (0.9, -0.7), (0.9, 0.7), (-0.9, 0.7), (-0.9, -0.77)]);
                let right = matches!(self, Self::RightPanel { .. });
                let (left, top) = if right { (0.25, -0.7) } else { (-0.9, 0.15) };
                if filled {
                    fill(&[(left, top), (0.9, top), (0.9, 0.7), (left, 0.7)]);
                } else if right {
                    line(&[(left, top), (left, 0.7)]);
                } else {
                    line(&[(left, top), (0.9, top)]);
                }
            }
            Self::Play => fill(&[(-0.4, -0.65), (0.65, 0.0), (-0.4, 0.65)]),
        }
    }

    /// A place for it in a row, without a frame, that senses what is asked.
    pub(crate) fn show(self, ui: &mut Ui, label: &str, sense: Sense, color: Option<Color32>) -> Response {
        let size = Vec2::new(WIDTH, ui.spacing().interact_size.y);
        let (rect, response) = ui.allocate_exact_size(size, sense);
        let role = if sense.senses_click() { egui::Role::Button } else { egui::Role::Unknown };
        response.widget_info(|| egui::WidgetInfo::labeled(role, response.enabled(), label));
        let strong = response.hovered() || response.has_focus();
        let own = if strong { ui.visuals().strong_text_color() } else { ui.visuals().weak_text_color() };
        self.paint(ui.painter(), rect, color.unwrap_or(own));
        response
    }

    /// A button with a frame.
    pub(crate) fn button(self, ui: &mut Ui, label: &str, color: Option<Color32>) -> Response {
        let response = ui.add(egui::Button::new("").min_size(Vec2::splat(ui.spacing().interact_size.y)));
        crate::widgets::name(&response, label);
        let own = ui.style().interact(&response).text_color();
        self.paint(ui.painter(), response.rect, color.unwrap_or(own));
        response.on_hover_text(label)
    }
}
