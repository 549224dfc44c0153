//! The app on the device of its window: what is drawn is what the processor makes, and nothing is read back for it.

use super::rig::{Rig, asset, compare, recipe_file};
use super::with_look;
use bowerbird::{Chain, Image};
use bowerbird_desktop::{BackendName, Options};
use eframe::egui::Key;
use eframe::egui_wgpu::{RenderState, RendererOptions, WgpuSetup};
use eframe::wgpu::{BufferDescriptor, BufferUsages};
use egui_kittest::wgpu::{create_render_state, default_wgpu_setup};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A window's device, opened as that of the program.
fn window() -> RenderState {
    let mut setup = default_wgpu_setup();
    if let WgpuSetup::CreateNew(setup) = &mut setup {
        let theirs = Arc::clone(&setup.device_descriptor);
        setup.device_descriptor =
            Arc::new(move |adapter| bowerbird::gpu::wanted_device(adapter, &theirs(adapter).required_limits));
    }
    create_render_state(setup, RendererOptions::PREDICTABLE)
}

fn read_back(rig: &Rig) -> u64 {
    rig.app().figures()["bytes_read_back"].as_u64().unwrap()
}

#[test]
fn what_the_window_draws_is_what_the_processor_makes_and_nothing_comes_back() {
    let mut rig = Rig::on(window(), |options, folder| {
        with_look(options, folder);
        options.backend = BackendName::Gpu;
        options.file = Some(asset("photos/coffee.png"));
    });
    rig.click("Unfold Sepia");
    rig.harness.remove_cursor();
    rig.settle();
    assert_eq!(rig.app().problems(), Vec::<String>::new());
    assert!(rig.app().figures()["backend"].as_str().unwrap().starts_with("gpu"));
    compare(&mut rig.harness, "main");
    assert_eq!(read_back(&rig), 0);
    // Scopes look at the pixels, which come to the processor for them.
    rig.click("Scopes");
    rig.until("what the scopes look at", |rig| read_back(rig) > 0);
}

#[test]
fn an_error_of_the_window_on_the_shared_device_is_said_and_the_picture_goes_on() {
    let window = window();
    let mut rig = Rig::on(window.clone(), |options, _| options.backend = BackendName::Gpu);
    let usage = BufferUsages::MAP_READ | BufferUsages::STORAGE;
    let wrong = BufferDescriptor { label: Some("wrong"), size: 16, usage, mapped_at_creation: false };
    drop(window.device.create_buffer(&wrong));
    // What makes the engine render once more.
    rig.press(Key::C);
    rig.until("a banner", |rig| rig.app().problems().iter().any(|text| text.contains("graphics device")));
    assert!(rig.app().figures()["backend"].as_str().unwrap().starts_with("gpu"));
}

/// A picture that fades out to the right.
fn fading(folder: &Path) -> PathBuf {
    let path = folder.join("fading.png");
    let pixels = (0..300 * 200).flat_map(|index: u32| {
        let (x, y) = (index % 300, index / 300);
        [220, (y * 255 / 199) as u8, 40, 255 - (x * 255 / 299) as u8]
    });
    Image::from_rgba8(300, 200, pixels.collect()).unwrap().save(&path).unwrap();
    path
}

#[test]
fn transparency_and_a_comparison_are_drawn_as_from_the_processor() {
    let look = |options: &mut Options, folder: &Path| {
        options.file = Some(fading(folder));
        options.recipe = Some(recipe_file(folder, Chain::new().swirl([0.5, 0.5]).hue_rotate(90.0)));
    };
    let mut processor = Rig::new(look);
    processor.press(Key::C);
    processor.press(Key::H);
    processor.picture("fading_split");
    let mut rig = Rig::on(window(), |options, folder| {
        look(options, folder);
        options.backend = BackendName::Gpu;
    });
    rig.press(Key::C);
    rig.harness.remove_cursor();
    rig.settle();
    compare(&mut rig.harness, "fading_split");
    assert_eq!(read_back(&rig), 0, "the source is on the processor already");
}
