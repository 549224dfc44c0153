//! The order of the steps: dragged, moved by keys, deleted.

use crate::app::App;
use crate::document::label;
use crate::panels::Tab;
use crate::theme;
use eframe::egui::{self, Align2, FontId, Id, LayerId, Order, Rect, Stroke, Ui, Vec2};

/// The payload of a dragged step: its key, as its place may change meanwhile.
#[derive(Clone, Copy)]
pub(super) struct Dragged(pub u64);

/// How near the ends of what is in sight the list moves on under a step that is dragged, in points.
const EDGE: f32 = 32.0;

/// How many points a second the list moves for each that the pointer is beyond that.
const PACE: f32 = 12.0;

/// How far a height is near the ends of a range or beyond: below 0 at its start.
fn beyond(range: egui::Rangef, y: f32) -> f32 {
    let edge = EDGE.min(range.span() / 4.0);
    (y - (range.max - edge)).max(0.0).min(2.0 * edge) - (range.min + edge - y).max(0.0).min(2.0 * edge)
}

/// The place that a step gets, which is dropped at a height among the cards: that of the card there, or the next one.
fn place_at(cards: &[Rect], y: f32) -> Option<usize> {
    let away = |index: &usize| (cards[*index].top() - y).max(y - cards[*index].bottom()).max(0.0);
    (0..cards.len()).min_by(|a, b| away(a).total_cmp(&away(b)))
}

impl App {
    /// Shows where the step that is dragged would go; from where to where, when it is let go.
    pub(super) fn show_dragged(&self, ui: &Ui, cards: &[Rect]) -> Option<(usize, usize)> {
        let dragged = egui::DragAndDrop::payload::<Dragged>(ui.ctx())?;
        let from = self.document.place_of(dragged.0)?;
        let pos = ui.input(|input| input.pointer.interact_pos())?;
        let clip = ui.clip_rect();
        if !clip.x_range().contains(pos.x) {
            return None;
        }
        let beyond = beyond(clip.y_range(), pos.y);
        if beyond != 0.0 {
            let by = -beyond * PACE * ui.input(|input| input.stable_dt.min(0.1));
            ui.scroll_with_delta_animation(Vec2::new(0.0, by), egui::style::ScrollAnimation::none());
            ui.ctx().request_repaint();
        }
        let to = place_at(cards, pos.y.clamp(clip.top(), clip.bottom()))?;
        if to != from {
            let card = cards[to];
            let y = if to > from { card.bottom() + 3.0 } else { card.top() - 3.0 };
            let y = y.clamp(clip.top() + 2.0, clip.bottom() - 2.0);
            ui.painter().hline(card.x_range(), y, Stroke::new(2.0, theme::ACCENT));
        }
        let title = label(&self.document.steps()[from]);
        let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, Id::unique("dragged step")));
        let color = ui.visuals().strong_text_color();
        let galley = painter.layout_no_wrap(title, FontId::proportional(13.0), color);
        let place = Align2::LEFT_CENTER.anchor_size(pos + Vec2::new(14.0, 0.0), galley.size());
        painter.rect_filled(place.expand2(Vec2::new(8.0, 5.0)), 5.0, theme::ACCENT.gamma_multiply(0.75));
        painter.galley(place.min, galley, color);
        let dropped = ui.input(|input| input.pointer.any_released());
        (dropped && to != from).then_some((from, to))
    }

    /// Where the chosen step is, when it is in sight.
    pub(crate) fn chosen_step(&self) -> Option<usize> {
        let shown = self.shows_tab(Tab::Effects) && !self.catalogue.open;
        self.stack.selected.filter(|_| shown).and_then(|key| self.document.place_of(key))
    }

    /// Deletes the chosen step; the one that follows it is chosen.
    pub(crate) fn delete_chosen(&mut self) {
        if let Some(index) = self.chosen_step() {
            self.delete_step(index);
        }
    }

    /// Deletes a step.
    pub(crate) fn delete_step(&mut self, index: usize) {
        let Some(step) = self.document.steps().get(index) else { return };
        let (title, key) = (label(step), self.document.states()[index].key);
        self.document.remove(index);
        self.stack.deleted = true;
        if self.stack.selected == Some(key) {
            let states = self.document.states();
            self.stack.selected = states.get(index).or(states.last()).map(|state| state.key);
        }
        self.banners.note(&format!("Deleted {title}; undo brings it back"));
    }

    /// Moves the chosen step by so many places.
    pub(crate) fn move_chosen(&mut self, by: isize) {
        let Some(from) = self.chosen_step() else { return };
        if let Some(to) = from.checked_add_signed(by) {
            self.document.reorder(from, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::Pos2;

    #[test]
    fn the_list_moves_on_at_its_ends() {
        let range = egui::Rangef::new(100.0, 500.0);
        assert!(beyond(range, 110.0) < 0.0 && beyond(range, 0.0) < beyond(range, 110.0));
        assert!(beyond(range, 490.0) > 0.0 && beyond(range, 900.0) > beyond(range, 490.0));
        assert_eq!([140.0, 300.0, 460.0].map(|y| beyond(range, y)), [0.0; 3]);
    }

    #[test]
    fn a_step_goes_where_it_is_dropped() {
        // The second card is unfolded.
        let card = |top: f32, height: f32| Rect::from_min_size(Pos2::new(0.0, top), Vec2::new(100.0, height));
        let cards = [card(0.0, 30.0), card(36.0, 200.0), card(242.0, 30.0)];
        for (y, place) in [(-5.0, 0), (20.0, 0), (32.0, 0), (35.0, 1), (100.0, 1), (259.0, 2), (400.0, 2)] {
            assert_eq!(place_at(&cards, y), Some(place), "at {y}");
        }
        assert_eq!(place_at(&[], 3.0), None);
    }
}
