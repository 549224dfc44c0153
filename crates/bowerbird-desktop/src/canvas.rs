//! The canvas: the picture, moved and enlarged, compared, inspected, pointed at and painted on.
//!
//! The picture's place is kept as the point of the picture that is in the middle of the canvas and the screen pixels a
//! picture pixel takes; everything else follows. Points of the picture are in fractions of its sides, as recipes have
//! them, so nothing here depends on the scale that was rendered.

use crate::app::App;
use crate::icon::Icon;
use crate::theme;
use eframe::egui::{self, Align2, Color32, CursorIcon, FontId, Key, Pos2, Rect, Response, Sense, Stroke, Ui, Vec2};

/// How the picture's scale is chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Zoom {
    /// The whole picture is seen.
    Fit,
    /// The canvas is filled.
    Fill,
    /// Screen pixels a picture pixel takes.
    Scale(f32),
}

/// What is laid beside the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    /// Nothing.
    Off,
    /// The source at the left of a line that can be dragged.
    Split,
    /// The source at the left, whole.
    Side,
}

/// The state of the canvas.
#[derive(Debug)]
pub(crate) struct Canvas {
    /// The scale.
    pub zoom: Zoom,
    /// The point of the picture in the middle of the canvas, in fractions.
    pub center: Vec2,
    /// What is compared.
    pub compare: Compare,
    /// Where the line of the split is, in fractions of the picture's width.
    pub split: f32,
    /// Whether the source is shown as long as something is held.
    pub hold: bool,
    /// Whether what clips is marked.
    pub clipping: bool,
    /// The mask that is painted.
    pub brush: Option<crate::brush::Brush>,
    /// The parameter whose positions are placed on the picture.
    pub picking: Option<crate::place::Place>,
    /// The point of a list that was taken or added last.
    pub(crate) held_point: Option<crate::handles::HeldPoint>,
    /// What around a position is being dragged.
    pub(crate) held_around: Option<crate::around::Held>,
    /// How far the middle of what is dragged is from the pointer.
    pub(crate) held_inside: Option<Vec2>,
    /// The rectangle that is being dragged.
    pub(crate) held_frame: Option<crate::frame::Held>,
    /// The ratio of width to height that the rectangle keeps.
    pub(crate) ratio: Option<f64>,
    /// What is left out of the look while something is placed, and the look without it.
    pub(crate) unmoved: Option<crate::frame::Unmoved>,
    pub(crate) bare: crate::frame::Bare,
    /// Where the line that is drawn began.
    pub(crate) line_from: Option<Pos2>,
    /// What is placed on when the line is drawn.
    pub(crate) picking_next: Option<crate::place::Place>,
    /// Screen pixels a picture pixel takes, as it was last.
    pub scale: f32,
    /// The size of the picture on the screen, in physical pixels.
    pub view: (u32, u32),
    dragging_split: bool,
}

impl Default for Canvas {
    fn default() -> Self {
        Self {
            zoom: Zoom::Fit,
            center: Vec2::splat(0.5),
            compare: Compare::Off,
            split: 0.5,
            hold: false,
            clipping: false,
            brush: None,
            picking: None,
            held_point: None,
            held_around: None,
            held_inside: None,
            held_frame: None,
            ratio: None,
            unmoved: None,
            bare: crate::frame::Bare::default(),
            line_from: None,
            picking_next: None,
            scale: 1.0,
            view: (1280, 720),
            dragging_split: false,
        }
    }
}

/// Margin around a fitted picture, in points.
const MARGIN: f32 = 12.0;

/// How long a source may take to open before that is said.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(400);

/// Smallest and largest scale.
const SCALES: (f32, f32) = (0.02, 64.0);

impl Canvas {
    /// Has a parameter placed on the picture, or none; what else was done there is done with.
    pub(crate) fn pick(&mut self, place: Option<crate::place::Place>) {
        (self.picking, self.picking_next, self.line_from) = (place, None, None);
        (self.brush, self.ratio) = (None, None);
    }

    /// Enlarges or reduces around a point of the canvas that stays where it is.
    fn zoom_at(&mut self, factor: f32, at: Pos2, picture: Rect, pixels_per_point: f32, size: Vec2) {
        let scale = (self.scale * factor).clamp(SCALES.0, SCALES.1);
        let under = (at - picture.min) / picture.size();
        let new_size = size * scale / pixels_per_point;
        // The point under the pointer keeps its place: solve for the center.
        let canvas_center = picture.min + self.center * picture.size();
        self.center = under - (at - canvas_center) / new_size;
        self.zoom = Zoom::Scale(scale);
    }

    /// One step in or out.
    pub(crate) fn step(&mut self, inwards: bool) {
        let stops = [0.05, 0.1, 0.25, 0.33, 0.5, 0.67, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 16.0, 32.0, 64.0];
        let now = self.scale;
        let next = if inwards {
            stops.into_iter().find(|stop| *stop > now * 1.02)
        } else {
            stops.into_iter().rev().find(|stop| *stop < now * 0.98)
        };
        self.zoom = Zoom::Scale(next.unwrap_or(now));
    }

    /// Makes the brush larger or smaller, if there is one in hand.
    pub(crate) fn resize_brush(&mut self, factor: f32) {
        self.brush.iter_mut().for_each(|brush| brush.resize(factor));
    }

    /// The whole picture again.
    pub(crate) fn fit(&mut self) {
        (self.zoom, self.center) = (Zoom::Fit, Vec2::splat(0.5));
    }

    /// Where a picture of `size` pixels goes on the canvas.
    fn place(&mut self, canvas: Rect, size: Vec2, pixels_per_point: f32) -> Rect {
        let room = (canvas.size() - Vec2::splat(2.0 * MARGIN)).max(Vec2::splat(16.0));
        let ratio = room * pixels_per_point / size;
        let scale = match self.zoom {
            Zoom::Fit => ratio.min_elem(),
            Zoom::Fill => (canvas.size() * pixels_per_point / size).max_elem(),
            Zoom::Scale(scale) => scale,
        };
        self.scale = scale.clamp(SCALES.0.min(scale), SCALES.1);
        let shown = size * self.scale / pixels_per_point;
        if self.zoom == Zoom::Fit {
            self.center = Vec2::splat(0.5);
        }
        // A side that fits is in the middle; one that does not cannot be moved out of sight.
        for axis in 0..2 {
            let half = 0.5 * canvas.size()[axis] / shown[axis];
            self.center[axis] =
                if half >= 0.5 { 0.5 } else { self.center[axis].clamp(half.min(0.5) - 0.1, 1.1 - half.min(0.5)) };
        }
        let rect = Rect::from_min_size(canvas.center() - self.center * shown, shown);
        let physical = shown * pixels_per_point;
        self.view = (physical.x.round().max(1.0) as u32, physical.y.round().max(1.0) as u32);
        // Whole physical pixels, so that 1:1 is sharp.
        let snap = |v: f32| (v * pixels_per_point).round() / pixels_per_point;
        Rect::from_min_size(Pos2::new(snap(rect.min.x), snap(rect.min.y)), shown)
    }
}

impl App {
    /// Shows the canvas in all of the room there is.
    pub(crate) fn show_canvas(&mut self, ui: &mut Ui) {
        let dark = ui.visuals().dark_mode;
        let (canvas, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
        crate::widgets::name(&response, "Picture");
        ui.painter().rect_filled(canvas, 0.0, theme::surround(dark));
        let (Some(shown), Some(after)) = (self.shown.clone(), self.screen.after()) else {
            self.show_nothing(ui, canvas);
            return;
        };
        let pixels_per_point = ui.pixels_per_point();
        let side = self.canvas.compare == Compare::Side;
        let mut right = canvas;
        let mut left = canvas;
        if side {
            (left, right) = canvas.split_left_right_at_fraction(0.5);
        }
        let size = Vec2::new(shown.full_result.0 as f32, shown.full_result.1 as f32);
        let before = self.canvas.scale;
        let picture = self.canvas.place(right, size, pixels_per_point);
        self.move_picture(ui, &response, picture, pixels_per_point, size);
        let picture = self.canvas.place(right, size, pixels_per_point);
        if self.canvas.scale != before {
            // The bar, which is drawn already, tells it.
            ui.ctx().request_repaint();
        }

        let painter = ui.painter_at(right);
        checkerboard(&painter, picture.intersect(right), shown.is_opaque(), dark);
        let whole = Rect::from_min_max(Pos2::ZERO, Pos2::new(1.0, 1.0));
        let original = self.canvas.hold;
        self.screen.set_pixelated(self.canvas.scale >= 2.0, &shown);
        if self.screen.set_compares(original || self.canvas.compare != Compare::Off) {
            self.meter.wait(|| self.live.refresh());
        }
        // What is compared may come with the next frame only.
        let before = self.screen.before();
        painter.image(before.filter(|_| original).unwrap_or(after), picture, whole, Color32::WHITE);
        if self.canvas.clipping
            && !original
            && let Some(overlay) = self.scopes.clipping_texture()
        {
            painter.image(overlay, picture, whole, Color32::WHITE);
        }
        match self.canvas.compare {
            Compare::Split if !original => self.show_split(ui, &response, right, picture, before),
            Compare::Side => {
                let other = picture.translate(Vec2::new(left.center().x - right.center().x, 0.0));
                let painter = ui.painter_at(left);
                if let Some(before) = before {
                    painter.image(before, other, whole, Color32::WHITE);
                }
                ui.painter().vline(right.left(), canvas.y_range(), Stroke::new(1.0, theme::surround(!dark)));
                tag(&painter, left, "Before", Align2::LEFT_BOTTOM);
                tag(&ui.painter_at(right), right, "After", Align2::RIGHT_BOTTOM);
            }
            _ => {}
        }
        if original {
            tag(&ui.painter_at(right), right, "Before", Align2::LEFT_BOTTOM);
        }
        self.paint_mask(ui, &response, right, picture);
        self.show_handles(ui, &response, right, picture);
        self.show_inspector(ui, &response, right, picture);
        self.show_opening(ui, canvas);
    }

    /// That a source is being opened, over the picture of the one before, when it takes its time.
    fn show_opening(&self, ui: &Ui, canvas: Rect) {
        let Some(since) = self.source.opening else { return };
        if since.elapsed() < PATIENCE {
            ui.ctx().request_repaint_after(PATIENCE);
            return;
        }
        let name = self.source.short_name();
        tag(&ui.painter_at(canvas), canvas, &format!("Opening {name}…"), Align2::CENTER_TOP);
    }

    /// What stands where no picture is yet.
    fn show_nothing(&mut self, ui: &mut Ui, canvas: Rect) {
        let mut ui =
            ui.new_child(egui::UiBuilder::new().max_rect(canvas).layout(egui::Layout::top_down(egui::Align::Center)));
        ui.add_space(canvas.height() * 0.36);
        if self.report.ended {
            if self.awaits_camera() {
                ui.heading("Waiting for the camera");
                ui.add_space(4.0);
                let when = if self.camera().is_some() { "may be opened" } else { "is plugged in" };
                ui.label(format!("It is taken as soon as it {when}. Or drop a photo or a film here."));
            } else {
                ui.heading("No picture");
                ui.add_space(4.0);
                ui.label("Drop a photo or a film here, or choose where frames come from.");
            }
            ui.add_space(10.0);
            if ui.button("Open a picture or video…").clicked() {
                self.ask_for_file(crate::dialogs::Purpose::Open);
            }
            ui.add_space(6.0);
            if ui.button("Show the moving chart").clicked() {
                self.open_source("synthetic:zone");
            }
        } else {
            ui.spinner();
            ui.add_space(6.0);
            ui.label(format!("Opening {}…", self.source.short_name()));
        }
    }

    /// Wheel, drag, double click.
    fn move_picture(&mut self, ui: &Ui, response: &Response, picture: Rect, pixels_per_point: f32, size: Vec2) {
        let busy = self.canvas.brush.is_some() || self.canvas.picking.is_some() || self.canvas.dragging_split;
        if let Some(pos) = response.hover_pos() {
            let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta.y, input.zoom_delta()));
            let factor = pinch * f64::from(scroll / 240.0).exp() as f32;
            if (factor - 1.0).abs() > 1e-4 {
                self.canvas.zoom_at(factor, pos, picture, pixels_per_point, size);
            }
        }
        let space = ui.input(|input| input.key_down(Key::Space));
        let middle = response.dragged_by(egui::PointerButton::Middle);
        if middle || ((!busy || space) && response.dragged()) {
            self.canvas.center -= response.drag_delta() / picture.size();
            if matches!(self.canvas.zoom, Zoom::Fit) && response.drag_delta() != Vec2::ZERO {
                self.canvas.center = Vec2::splat(0.5);
            }
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        }
        if response.double_clicked() && !busy {
            if self.canvas.zoom == Zoom::Fit {
                let at = response.interact_pointer_pos().unwrap_or(picture.center());
                self.canvas.zoom_at(1.0 / self.canvas.scale, at, picture, pixels_per_point, size);
            } else {
                self.canvas.fit();
            }
        }
    }

    fn show_split(
        &mut self,
        ui: &Ui,
        response: &Response,
        canvas: Rect,
        picture: Rect,
        before: Option<egui::TextureId>,
    ) {
        let x = picture.left() + self.canvas.split * picture.width();
        let near = |pos: Pos2| (pos.x - x).abs() < 8.0 && canvas.contains(pos);
        let grabbed = response.drag_started() && ui.input(|input| input.pointer.press_origin()).is_some_and(near);
        if grabbed {
            self.canvas.dragging_split = true;
        }
        if !response.dragged() {
            self.canvas.dragging_split = false;
        }
        if self.canvas.dragging_split
            && let Some(pos) = response.interact_pointer_pos()
        {
            self.canvas.split = ((pos.x - picture.left()) / picture.width()).clamp(0.0, 1.0);
        }
        if self.canvas.dragging_split || response.hover_pos().is_some_and(near) {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
        let x = picture.left() + self.canvas.split * picture.width();
        let painter = ui.painter_at(canvas);
        let left = Rect::from_min_max(picture.min, Pos2::new(x, picture.max.y));
        let uv = Rect::from_min_max(Pos2::ZERO, Pos2::new(self.canvas.split, 1.0));
        if let Some(before) = before {
            painter.image(before, left, uv, Color32::WHITE);
        }
        let line = picture.y_range();
        painter.vline(x, line, Stroke::new(3.0, Color32::from_black_alpha(120)));
        painter.vline(x, line, Stroke::new(1.0, Color32::WHITE));
        let grip = Pos2::new(x, picture.center().y.clamp(canvas.top() + 20.0, canvas.bottom() - 20.0));
        painter.circle(grip, 11.0, Color32::from_black_alpha(150), Stroke::new(1.5, Color32::WHITE));
        Icon::Sides.paint(&painter, Rect::from_center_size(grip, Vec2::splat(13.0)), Color32::WHITE);
        tag(&painter, picture.intersect(canvas), "Before", Align2::LEFT_BOTTOM);
        tag(&painter, picture.intersect(canvas), "After", Align2::RIGHT_BOTTOM);
    }
}

/// A word in a corner of the picture.
pub(crate) fn tag(painter: &egui::Painter, rect: Rect, text: &str, corner: Align2) {
    let rect = rect.intersect(painter.clip_rect()).shrink(8.0);
    let galley = painter.layout_no_wrap(text.to_owned(), FontId::proportional(11.0), Color32::from_gray(0xf0));
    let size = galley.size() + Vec2::new(12.0, 6.0);
    let place = corner.align_size_within_rect(size, rect);
    painter.rect_filled(place, 3.0, Color32::from_black_alpha(150));
    painter.galley(place.min + Vec2::new(6.0, 3.0), galley, Color32::WHITE);
}

/// Squares behind what is transparent.
fn checkerboard(painter: &egui::Painter, rect: Rect, opaque: bool, dark: bool) {
    const SIDE: f32 = 10.0;
    if opaque || !rect.is_positive() {
        return;
    }
    let (a, b) = if dark { (0x30, 0x3c) } else { (0xd8, 0xe8) };
    painter.rect_filled(rect, 0.0, Color32::from_gray(a));
    let (columns, rows) = ((rect.width() / SIDE).ceil() as u32, (rect.height() / SIDE).ceil() as u32);
    for row in 0..rows {
        for column in (row % 2..columns).step_by(2) {
            let corner = rect.min + Vec2::new(column as f32, row as f32) * SIDE;
            let square = Rect::from_min_size(corner, Vec2::splat(SIDE)).intersect(rect);
            painter.rect_filled(square, 0.0, Color32::from_gray(b));
        }
    }
}
