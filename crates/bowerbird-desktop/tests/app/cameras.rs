//! The whole app with a camera that stalls, is pulled out and plugged in, is taken by others, or may not be opened.

use crate::rig::{Rig, recipe_file};
use bowerbird::Chain;
use bowerbird_capture::{
    CameraInfo, CameraRequest, CaptureError, Chart, Control, ControlKind, Frame, Mode, Opener, PixelFormat, Rate,
    Rates, Read, Sizes, Source, Synthetic,
};
use bowerbird_desktop::Cameras;
use eframe::egui;
use egui_kittest::kittest::{NodeT, Queryable};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

const NAME: &str = "Test Camera";

/// How the camera is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Well,
    Silent,
    Gone,
    Busy,
    Denied,
}

#[derive(Debug)]
struct State {
    mood: Mood,
    control: Control,
    /// The mode that each opening asked for.
    asked: Vec<Option<(u32, u32)>>,
    /// How often it is open.
    open: usize,
}

/// A camera in software, that does what it is told to.
#[derive(Clone, Debug)]
struct TestCamera(Arc<(Mutex<State>, Condvar)>);

impl TestCamera {
    fn new(mood: Mood) -> Self {
        let control = Control {
            id: 7,
            name: "Brightness".into(),
            kind: ControlKind::Integer,
            min: 0,
            max: 100,
            step: 1,
            default: 50,
            value: 50,
            items: Vec::new(),
            read_only: false,
            inactive: false,
        };
        Self(Arc::new((Mutex::new(State { mood, control, asked: Vec::new(), open: 0 }), Condvar::new())))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap()
    }

    fn be(&self, mood: Mood) {
        self.state().mood = mood;
        self.0.1.notify_all();
    }

    fn failure(mood: Mood) -> Option<CaptureError> {
        let name = || NAME.to_owned();
        match mood {
            Mood::Well | Mood::Silent => None,
            Mood::Gone => Some(CaptureError::NotFound { name: name(), hint: "plug it in".into() }),
            Mood::Busy => Some(CaptureError::Busy { name: name() }),
            Mood::Denied => Some(CaptureError::Denied { name: name(), hint: "join the group video".into() }),
        }
    }
}

impl Cameras for TestCamera {
    fn list(&self) -> Vec<CameraInfo> {
        let mode = |width, height| Mode {
            format: PixelFormat::Yuyv,
            sizes: Sizes::One(width, height),
            rates: Rates::List(vec![Rate::new(30)]),
        };
        let camera = CameraInfo {
            name: NAME.into(),
            path: PathBuf::from("/dev/video7"),
            modes: vec![mode(320, 240), mode(160, 120)],
            ..CameraInfo::default()
        };
        match self.state().mood {
            Mood::Gone => Vec::new(),
            Mood::Denied => {
                vec![CameraInfo { problem: TestCamera::failure(Mood::Denied), modes: Vec::new(), ..camera }]
            }
            _ => vec![camera],
        }
    }

    fn controls(&self, _: &Path) -> Result<Vec<Control>, CaptureError> {
        let state = self.state();
        match TestCamera::failure(state.mood) {
            Some(error @ CaptureError::Denied { .. }) => Err(error),
            _ => Ok(vec![state.control.clone()]),
        }
    }

    fn set_control(&self, _: &Path, id: u32, value: i64) -> Result<(), CaptureError> {
        assert_eq!(id, 7);
        self.state().control.value = value;
        Ok(())
    }

    fn opener(&self, request: CameraRequest) -> Opener {
        let camera = self.clone();
        Box::new(move || {
            let mut state = camera.state();
            if let Some(error) = TestCamera::failure(state.mood) {
                return Err(error);
            }
            state.asked.push(request.size);
            state.open += 1;
            let (width, height) = request.size.unwrap_or((320, 240));
            let chart = Synthetic::new(Chart::ColorBars, width, height, 30.0);
            Ok(Box::new(Open { camera: camera.clone(), chart }))
        })
    }
}

/// The camera while it is open.
struct Open {
    camera: TestCamera,
    chart: Synthetic,
}

impl Source for Open {
    fn describe(&self) -> String {
        format!("{NAME}, {}", self.chart.describe())
    }

    fn name(&self) -> String {
        NAME.into()
    }

    fn is_device(&self) -> bool {
        true
    }

    fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
        let mut state = self.camera.state();
        if state.mood == Mood::Silent {
            (state, _) = self.camera.0.1.wait_timeout(state, timeout).unwrap();
        }
        match state.mood {
            Mood::Gone => Err(CaptureError::Unplugged { name: NAME.into() }),
            Mood::Silent => Ok(Read::Nothing),
            _ => {
                drop(state);
                self.chart.read(frame, timeout)
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.camera.state().open -= 1;
    }
}

fn rig(camera: &TestCamera) -> Rig {
    Rig::with_cameras(Arc::new(camera.clone()), |options, folder| {
        options.file = None;
        options.source = Some("camera:0".into());
        options.recipe = Some(recipe_file(folder, Chain::new().exposure(0.4)));
    })
}

fn frames(rig: &Rig) -> u64 {
    rig.app().figures()["frames_in"].as_u64().unwrap()
}

fn until_said(rig: &mut Rig, words: &[&str]) {
    rig.until(&format!("a banner with {words:?}"), |rig| {
        rig.app().problems().iter().any(|text| words.iter().all(|word| text.contains(word)))
    });
}

/// The picture moves and nothing is wrong.
fn until_it_runs(rig: &mut Rig) {
    let before = frames(rig);
    rig.until("frames again", |rig| frames(rig) > before + 3 && rig.app().problems().is_empty());
}

/// What is changed is on the screen, though no frame comes.
fn still_answers(rig: &mut Rig, ev: f64) {
    rig.harness.get_by_role_and_label(egui::Role::Slider, "Exposure").set_value_accesskit(ev);
    rig.harness.run_steps(2);
    assert_eq!(rig.value(0, "ev"), ev);
    rig.settle();
}

#[test]
fn a_camera_that_stalls_and_is_pulled_out_is_said_and_resumes_by_itself() {
    let camera = TestCamera::new(Mood::Well);
    let mut rig = rig(&camera);
    until_it_runs(&mut rig);
    rig.click("Unfold Exposure");

    camera.be(Mood::Silent);
    until_said(&mut rig, &[NAME, "no picture", "unplug it and plug it in again"]);
    still_answers(&mut rig, 1.0);
    camera.be(Mood::Well);
    until_it_runs(&mut rig);

    camera.be(Mood::Gone);
    until_said(&mut rig, &[NAME, "was unplugged", "resumes by itself"]);
    still_answers(&mut rig, 2.0);
    rig.click("Source");
    rig.until("an empty list", |rig| rig.harness.query_by_label_contains("No camera").is_some());
    camera.be(Mood::Well);
    until_it_runs(&mut rig);
    rig.until("the camera in the list", |rig| rig.harness.query_by_label(NAME).is_some());
}

#[test]
fn a_camera_that_others_use_is_taken_when_it_is_free() {
    let camera = TestCamera::new(Mood::Well);
    let mut rig = rig(&camera);
    camera.be(Mood::Busy);
    rig.click("Source");
    rig.click("Color bars");
    rig.until("the camera in the list", |rig| rig.harness.query_by_label(NAME).is_some());
    rig.click(NAME);
    until_said(&mut rig, &[NAME, "in use by another program", "close it there"]);
    camera.be(Mood::Well);
    until_it_runs(&mut rig);
    assert_eq!(camera.state().open, 1);
}

#[test]
fn a_camera_that_may_not_be_opened_says_what_to_do_and_is_taken_when_it_may() {
    let camera = TestCamera::new(Mood::Denied);
    let mut rig = Rig::with_cameras(Arc::new(camera.clone()), |_, _| {});
    rig.click("Source");
    rig.until("the camera in the list", |rig| rig.harness.query_by_label(NAME).is_some());
    rig.click(NAME);
    until_said(&mut rig, &["permission", NAME, "join the group video"]);
    rig.settle();
    assert!(rig.harness.query_by_label("No source").is_none(), "it has the name of the camera there");
    rig.click("Try again");
    until_said(&mut rig, &["permission", NAME, "join the group video"]);
    camera.be(Mood::Well);
    until_it_runs(&mut rig);

    // Where it is plugged in, its users get it a moment after it is there.
    camera.be(Mood::Gone);
    until_said(&mut rig, &[NAME, "was unplugged"]);
    camera.be(Mood::Denied);
    until_said(&mut rig, &["permission", NAME]);
    camera.be(Mood::Well);
    until_it_runs(&mut rig);
}

#[test]
fn the_rates_of_a_camera_fall_when_nothing_comes() {
    let camera = TestCamera::new(Mood::Well);
    let mut rig = rig(&camera);
    until_it_runs(&mut rig);
    rig.click("Source");
    camera.be(Mood::Silent);
    rig.until("no rates", |rig| {
        rig.harness.query_by_label("0/s").is_some() && rig.harness.query_by_label_contains(", 0.0 frames/s").is_some()
    });
}

#[test]
fn a_camera_that_is_not_there_yet_is_taken_when_it_is_plugged_in() {
    let camera = TestCamera::new(Mood::Gone);
    let mut rig = Rig::with_cameras(Arc::new(camera.clone()), |_, _| {});
    rig.click("Source");
    rig.until("an empty list", |rig| rig.harness.query_by_label_contains("No camera").is_some());
    camera.be(Mood::Well);
    rig.settle();
    rig.click("Look again");
    rig.until("the camera in the list", |rig| rig.harness.query_by_label(NAME).is_some());
    camera.be(Mood::Gone);
    rig.click(NAME);
    until_said(&mut rig, &[NAME, "was not found"]);
    camera.be(Mood::Well);
    until_it_runs(&mut rig);
}

#[test]
fn the_mode_and_the_controls_of_a_camera_are_set_and_it_can_be_turned_off() {
    let camera = TestCamera::new(Mood::Well);
    let mut rig = rig(&camera);
    rig.click("Source");
    rig.until("the controls", |rig| rig.harness.query_by_label("Brightness value").is_some());
    rig.click("Camera size");
    rig.click("160 × 120");
    assert!(rig.harness.query_by_label("Brightness value").is_some(), "they stay while it is opened anew");
    rig.until("the mode", |_| camera.state().asked.last() == Some(&Some((160, 120))));
    rig.until("its size", |rig| rig.harness.query_by_label_contains("160 × 120,").is_some());

    let slider = rig.harness.get_by_role_and_label(egui::Role::Slider, "Brightness");
    assert_eq!(slider.accesskit_node().numeric_value(), Some(50.0));
    slider.set_value_accesskit(80.0);
    rig.until("the control", |_| camera.state().control.value == 80);
    rig.until("the way back", |rig| rig.harness.query_by_label("Reset Brightness").is_some());
    rig.click("Reset Brightness");
    rig.until("the default", |_| camera.state().control.value == 50);

    rig.click("Turn the camera off");
    rig.until("a closed camera", |_| camera.state().open == 0);
    rig.click("Turn the camera on");
    until_it_runs(&mut rig);
    assert_eq!(camera.state().asked.last(), Some(&Some((160, 120))), "in the mode it had");
}
