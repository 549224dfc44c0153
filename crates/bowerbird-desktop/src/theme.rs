//! Colors, spacing and type. Grays are neutral, so that nothing beside the picture has a color of its own but what asks
//! for attention.

use crate::options::ThemeName;
use eframe::egui::{self, Color32, CornerRadius, FontFamily, FontId, Stroke, TextStyle, Visuals};

/// The blue that a satin bowerbird collects: what is chosen, and what to press.
pub(crate) const ACCENT: Color32 = Color32::from_rgb(0x5b, 0x8d, 0xf6);
/// The same under white text, with a contrast of 4.5 to 1 in both themes.
pub(crate) const PRIMARY: Color32 = Color32::from_rgb(0x49, 0x71, 0xc5);
/// What went wrong.
pub(crate) const BAD: Color32 = Color32::from_rgb(0xe5, 0x5b, 0x52);
/// What needs attention.
pub(crate) const WARN: Color32 = Color32::from_rgb(0xe0, 0xa0, 0x3c);
/// What went well.
pub(crate) const GOOD: Color32 = Color32::from_rgb(0x4f, 0xb4, 0x77);
/// What is being recorded.
pub(crate) const RECORDING: Color32 = Color32::from_rgb(0xe6, 0x3d, 0x3d);

/// A color as text is written in it: darker where it stands on white, so that it has a contrast of 4.5 to 1.
pub(crate) fn written(color: Color32, dark: bool) -> Color32 {
    if dark { color } else { color.lerp_to_gamma(Color32::BLACK, 0.42) }
}

/// Behind the picture: a neutral gray by which colors can be judged.
pub(crate) fn surround(dark: bool) -> Color32 {
    if dark { Color32::from_gray(0x17) } else { Color32::from_gray(0xc4) }
}

/// A raised surface: a card, the row of a step.
pub(crate) fn card(dark: bool) -> Color32 {
    if dark { Color32::from_gray(0x2c) } else { Color32::from_gray(0xff) }
}

/// Sets up an egui context for both themes, and chooses one.
pub(crate) fn apply(context: &egui::Context, theme: ThemeName) {
    context.set_visuals_of(egui::Theme::Dark, dark());
    context.set_visuals_of(egui::Theme::Light, light());
    apply_choice(context, theme);
    context.all_styles_mut(|style| {
        style.spacing.item_spacing = egui::vec2(6.0, 6.0);
        style.spacing.button_padding = egui::vec2(8.0, 4.0);
        style.spacing.interact_size = egui::vec2(32.0, 24.0);
        style.spacing.window_margin = egui::Margin::same(12);
        style.spacing.slider_width = 120.0;
        style.spacing.slider_rail_height = 4.0;
        style.spacing.combo_width = 80.0;
        style.spacing.tooltip_width = 320.0;
        style.interaction.tooltip_delay = 0.4;
        style.interaction.selectable_labels = false;
        let font = |size| FontId::new(size, FontFamily::Proportional);
        style.text_styles = [
            (TextStyle::Small, font(11.0)),
            (TextStyle::Body, font(13.0)),
            (TextStyle::Button, font(13.0)),
            (TextStyle::Heading, font(16.0)),
            (TextStyle::Monospace, FontId::new(12.0, FontFamily::Monospace)),
        ]
        .into();
    });
}

/// Chooses a theme.
pub(crate) fn apply_choice(context: &egui::Context, theme: ThemeName) {
    context.set_theme(match theme {
        ThemeName::Dark => egui::Theme::Dark,
        ThemeName::Light => egui::Theme::Light,
    });
}

fn dark() -> Visuals {
    let gray = Color32::from_gray;
    let mut visuals = Visuals::dark();
    visuals.weak_text_color = Some(gray(0x9a));
    visuals.panel_fill = gray(0x22);
    visuals.window_fill = gray(0x26);
    visuals.window_stroke = Stroke::new(1.0, gray(0x3c));
    visuals.extreme_bg_color = gray(0x16);
    visuals.faint_bg_color = gray(0x28);
    visuals.widgets.noninteractive.fg_stroke = Stroke::new(1.0, gray(0xcc));
    visuals.widgets.noninteractive.bg_stroke = Stroke::new(1.0, gray(0x34));
    visuals.widgets.inactive.fg_stroke = Stroke::new(1.0, gray(0xdc));
    visuals.widgets.inactive.bg_fill = gray(0x44);
    visuals.widgets.inactive.weak_bg_fill = gray(0x34);
    visuals.widgets.hovered.weak_bg_fill = gray(0x40);
    visuals.widgets.hovered.bg_fill = gray(0x58);
    visuals.widgets.hovered.bg_stroke = Stroke::new(1.0, gray(0x60));
    visuals.widgets.active.weak_bg_fill = gray(0x4a);
    shared(visuals)
}

fn light() -> Visuals {
    let gray = Color32::from_gray;
    let mut visuals = Visuals::light();
    visuals.weak_text_color = Some(gray(0x58));
    visuals.panel_fill = gray(0xee);
    visuals.window_fill = gray(0xf6);
    visuals.extreme_bg_color = gray(0xff);
    visuals.faint_bg_color = gray(0xe6);
    visuals.widgets.noninteractive.fg_stroke = Stroke::new(1.0, gray(0x30));
    visuals.widgets.noninteractive.bg_stroke = Stroke::new(1.0, gray(0xd0));
    visuals.widgets.inactive.fg_stroke = Stroke::new(1.0, gray(0x28));
    visuals.widgets.inactive.bg_fill = gray(0xc8);
    visuals.widgets.inactive.weak_bg_fill = gray(0xdc);
    visuals.widgets.hovered.weak_bg_fill = gray(0xd0);
    visuals.widgets.active.weak_bg_fill = gray(0xc4);
    shared(visuals)
}

fn shared(mut visuals: Visuals) -> Visuals {
    let dark = visuals.dark_mode;
    visuals.selection.bg_fill = if dark { ACCENT.gamma_multiply(0.75) } else { ACCENT.gamma_multiply(0.45) };
    visuals.selection.stroke = Stroke::new(1.0, if dark { Color32::WHITE } else { Color32::from_gray(0x10) });
    visuals.hyperlink_color = ACCENT;
    visuals.warn_fg_color = WARN;
    visuals.error_fg_color = BAD;
    visuals.slider_trailing_fill = true;
    let corner = CornerRadius::same(4);
    for widget in [
        &mut visuals.widgets.noninteractive,
        &mut visuals.widgets.inactive,
        &mut visuals.widgets.hovered,
        &mut visuals.widgets.active,
        &mut visuals.widgets.open,
    ] {
        widget.corner_radius = corner;
        widget.expansion = 0.0;
    }
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast of two colors by WCAG 2.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let luminance = |color: Color32| {
            let linear = |v: u8| {
                let v = f64::from(v) / 255.0;
                if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn weak_text_can_be_read_in_both_themes() {
        for (visuals, is_dark) in [(dark(), true), (light(), false)] {
            for behind in [visuals.panel_fill, visuals.window_fill, card(is_dark), surround(is_dark)] {
                let least = contrast(visuals.weak_text_color(), behind);
                // On the gray around a picture it is a hint at most.
                let wanted = if behind == surround(false) { 3.0 } else { 4.5 };
                assert!(least >= wanted, "{behind:?} {is_dark}: {least}");
            }
        }
    }

    #[test]
    fn what_is_written_in_color_can_be_read_in_both_themes() {
        for color in [BAD, WARN, GOOD, RECORDING] {
            for (visuals, is_dark) in [(dark(), true), (light(), false)] {
                let least = contrast(written(color, is_dark), visuals.panel_fill);
                let on_card = contrast(written(color, is_dark), card(is_dark));
                // Bright red on dark gray is as good as it gets without becoming pink.
                let wanted = if is_dark { 3.3 } else { 4.5 };
                assert!(least.min(on_card) >= wanted, "{color:?} {is_dark}: {least} {on_card}");
            }
        }
    }
}
