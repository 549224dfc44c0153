//! Menus, and windows within the window, where that is of any size: what is longer than there is room for is scrolled.
//!
//! The toolkit puts a menu above or below its button, or over it where neither has room, and cuts off what reaches beyond
//! the window.

use crate::widgets::follow_focus;
use eframe::egui::{
    Context, InnerResponse, IntoAtoms, Popup, PopupCloseBehavior, Rangef, Response, ScrollArea, Ui, Vec2,
};

/// What a menu's frame and its distances to the button and to the window's edge take, in points.
const AROUND: f32 = 26.0;

/// The longest that a menu becomes in a high window.
const MOST: f32 = 440.0;

/// A menu that is shorter than this is rather laid over its button.
const LEAST: f32 = 160.0;

/// A button with a menu.
pub(crate) fn menu<'a, R>(
    ui: &mut Ui,
    title: impl IntoAtoms<'a>,
    body: impl FnOnce(&mut Ui) -> R,
) -> InnerResponse<Option<R>> {
    let top = ui.cursor().top();
    let button = Rangef::new(top, top + ui.spacing().interact_size.y);
    ui.menu_button(title, |ui| scrolled(ui, button, body))
}

/// The menu of a button that is there already.
pub(crate) fn popup(button: &Response, body: impl FnOnce(&mut Ui)) {
    Popup::menu(button).show(|ui| scrolled(ui, button.rect.y_range(), body));
}

/// The same, which stays as it is used.
pub(crate) fn staying(button: &Response, body: impl FnOnce(&mut Ui)) {
    let popup = Popup::menu(button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| scrolled(ui, button.rect.y_range(), body));
}

/// A column that is scrolled where there is no room for it above or below a button.
pub(crate) fn scrolled<R>(ui: &mut Ui, button: Rangef, body: impl FnOnce(&mut Ui) -> R) -> R {
    let window = ui.ctx().content_rect().y_range();
    let beside = (window.max - button.max).max(button.min - window.min) - AROUND;
    let height = if beside < LEAST { window.span() - AROUND } else { beside };
    let area = ScrollArea::vertical().max_height(height.clamp(ui.spacing().interact_size.y, MOST));
    area.show(ui, |ui| {
        let result = body(ui);
        follow_focus(ui);
        result
    })
    .inner
}

/// What is left of the window beside a window within it, with the frame and title of that.
pub(crate) fn room(context: &Context) -> Vec2 {
    (context.content_rect().size() - Vec2::new(40.0, 80.0)).max(Vec2::splat(40.0))
}

/// What a window within the window holds: so wide where there is room for it, and scrolled where it is too high.
pub(crate) fn within<R>(ui: &mut Ui, width: f32, body: impl FnOnce(&mut Ui) -> R) -> R {
    let room = room(ui.ctx());
    ui.set_width(width.min(room.x));
    let area = ScrollArea::vertical().max_height(room.y);
    area.show(ui, |ui| {
        let result = body(ui);
        follow_focus(ui);
        result
    })
    .inner
}
