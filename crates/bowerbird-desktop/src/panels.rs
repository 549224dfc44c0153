//! The panels around the picture: the tabs at the right, the looks below.
//!
//! Both can be put away, for the picture's sake. In a window that is too small for a panel and a picture it is put away by
//! itself; whoever wants it there has it by the same key, until the window has room again.

use crate::app::App;
use crate::icon::Icon;
use crate::strip;
use eframe::egui::{Panel, Ui, Vec2};
use serde::{Deserialize, Serialize};

/// The panel at the right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    #[default]
    Effects,
    Scopes,
    Source,
    Performance,
}

impl Tab {
    pub(crate) const ALL: [Self; 4] = [Self::Effects, Self::Scopes, Self::Source, Self::Performance];

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Effects => "Effects",
            Self::Scopes => "Scopes",
            Self::Source => "Source",
            Self::Performance => "Performance",
        }
    }
}

/// The least window, in points, that has room for the panel at the right and a picture, and for the looks and a picture.
const ROOM: Vec2 = Vec2::new(560.0, 360.0);

/// Whether a panel is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    /// Where there is room for it.
    wide: bool,
    /// Where there is not.
    tight: bool,
    is_tight: bool,
}

impl Shown {
    const fn new(wide: bool) -> Self {
        Self { wide, tight: false, is_tight: false }
    }

    /// Notes whether there is room now.
    fn fit(&mut self, is_tight: bool) {
        self.tight &= is_tight;
        self.is_tight = is_tight;
    }

    fn is_on(self) -> bool {
        if self.is_tight { self.tight } else { self.wide }
    }

    fn set(&mut self, on: bool) {
        *if self.is_tight { &mut self.tight } else { &mut self.wide } = on;
    }
}

/// Which panels are there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Panels {
    right: Shown,
    looks: Shown,
    /// Whether a histogram stands above the effects, once somebody said so.
    histogram: Option<bool>,
}

/// What of it is kept between sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    right: bool,
    looks: bool,
    histogram: Option<bool>,
}

impl Default for Layout {
    fn default() -> Self {
        Self { right: true, looks: true, histogram: None }
    }
}

impl From<Layout> for Panels {
    fn from(layout: Layout) -> Self {
        Self { right: Shown::new(layout.right), looks: Shown::new(layout.looks), histogram: layout.histogram }
    }
}

impl From<Panels> for Layout {
    fn from(panels: Panels) -> Self {
        Self { right: panels.right.wide, looks: panels.looks.wide, histogram: panels.histogram }
    }
}

impl App {
    /// Shows a panel, where it was put away.
    pub(crate) fn show_tab(&mut self, tab: Tab) {
        self.tab = tab;
        self.panels.right.set(true);
        self.keep_soon();
    }

    /// Whether a tab is in sight.
    pub(crate) fn shows_tab(&self, tab: Tab) -> bool {
        self.panels.right.is_on() && self.tab == tab
    }

    /// Puts the panel at the right away, or brings it back.
    pub(crate) fn toggle_panel(&mut self) {
        self.panels.right.set(!self.panels.right.is_on());
        self.keep_soon();
    }

    /// Puts the looks away, or brings them back.
    pub(crate) fn toggle_looks(&mut self) {
        self.show_looks(!self.shows_looks());
    }

    /// Whether what stands below the picture is in sight.
    pub(crate) fn shows_looks(&self) -> bool {
        self.panels.looks.is_on()
    }

    /// Puts it away, or brings it back.
    pub(crate) fn show_looks(&mut self, on: bool) {
        self.panels.looks.set(on);
        self.keep_soon();
    }

    /// Puts both away, or brings both back.
    pub(crate) fn toggle_panels(&mut self) {
        let on = !(self.panels.right.is_on() || self.panels.looks.is_on());
        self.panels.right.set(on);
        self.panels.looks.set(on);
        self.keep_soon();
    }

    /// Shows or hides the histogram above the effects.
    pub(crate) fn toggle_histogram(&mut self) {
        let on = !self.shows_histogram();
        self.panels.histogram = Some(on);
        if on {
            self.show_tab(Tab::Effects);
        }
        self.keep_soon();
    }

    /// Whether a histogram stands above the effects: where nobody said so, it does unless pictures stay on the graphics
    /// device, from where it would bring each of them to the processor.
    pub(crate) fn shows_histogram(&self) -> bool {
        let on_device = || self.shown.as_ref().is_some_and(|shown| shown.picture().is_some());
        self.panels.histogram.unwrap_or_else(|| !on_device())
    }

    /// The buttons in the bar that put panels away, from right to left.
    pub(crate) fn show_panel_buttons(&mut self, ui: &mut Ui) {
        let verb = |shown: Shown| if shown.is_on() { "Hide" } else { "Show" };
        let label = format!("{} the panel (E)", verb(self.panels.right));
        let icon = Icon::RightPanel { filled: self.panels.right.is_on() };
        if icon.button(ui, &label, None).clicked() {
            self.toggle_panel();
        }
        let label = format!("{} the looks (L)", verb(self.panels.looks));
        let icon = Icon::BottomPanel { filled: self.panels.looks.is_on() };
        if icon.button(ui, &label, None).clicked() {
            self.toggle_looks();
        }
    }

    /// The same as entries of a menu.
    pub(crate) fn show_panel_choices(&mut self, ui: &mut Ui) {
        if ui.selectable_label(self.panels.right.is_on(), "Panel (E)").clicked() {
            self.toggle_panel();
        }
        if ui.selectable_label(self.panels.looks.is_on(), "Looks (L)").clicked() {
            self.toggle_looks();
        }
        if self.filmstrip.has_pictures() && ui.selectable_label(self.shows_pictures(), "Pictures (N)").clicked() {
            self.toggle_pictures();
        }
    }

    /// Shows the panels that are there, at the edges of what there is.
    pub(crate) fn show_panels(&mut self, ui: &mut Ui) {
        let room = ui.ctx().content_rect().size();
        self.panels.right.fit(room.x < ROOM.x);
        self.panels.looks.fit(room.y < ROOM.y);
        if self.panels.looks.is_on() {
            Panel::bottom("strip").exact_size(strip::HEIGHT).show(ui, |ui| {
                ui.add_space(4.0);
                self.show_below(ui);
            });
        }
        if self.panels.right.is_on() {
            let panel = Panel::right("panel").default_size(320.0).size_range(280.0..=460.0).resizable(true);
            panel.show(ui, |ui| self.show_tabs(ui));
        }
    }

    fn show_tabs(&mut self, ui: &mut Ui) {
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            for tab in Tab::ALL {
                if ui.selectable_label(self.tab == tab, tab.label()).clicked() {
                    self.show_tab(tab);
                }
            }
        });
        ui.separator();
        match self.tab {
            Tab::Effects => self.show_stack(ui),
            Tab::Scopes => self.show_scopes(ui),
            Tab::Source => self.show_source(ui),
            Tab::Performance => self.show_performance(ui),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_makes_way_in_a_tight_window_and_is_there_again_when_it_grows() {
        let mut shown = Shown::new(true);
        let mut on = |is_tight: bool, set: Option<bool>| {
            shown.fit(is_tight);
            set.into_iter().for_each(|on| shown.set(on));
            shown.is_on()
        };
        assert!(on(false, None) && !on(true, None) && on(true, Some(true)) && on(true, None));
        assert!(on(false, None) && !on(true, None), "it was asked for in the window as it was");
        assert!(!on(false, Some(false)) && !on(true, None) && !on(false, None));
    }
}
