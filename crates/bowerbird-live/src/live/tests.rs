use super::*;
use crate::Notice;
use bowerbird::image::Pixels;
use bowerbird::{Backend, Chain, ChainStep, Image, effects};
use bowerbird_capture::{CaptureError, Chart, Event, Frame, PixelFormat, Rate, Read, Source, Stills, Synthetic};
use std::path::Path;

#[cfg(feature = "gpu")]
mod device;
mod giving_up;
mod recording;
mod session;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn live() -> Live {
    let engine = EngineOptions { backend: Backend::Cpu, ..EngineOptions::default() };
    Live::start(LiveOptions { engine, ..LiveOptions::default() }).unwrap()
}

fn chart(width: u32, height: u32) -> Opener {
    Box::new(move || Ok(Box::new(Synthetic::new(Chart::ColorBars, width, height, 120.0)) as Box<dyn Source>))
}

/// One gray picture, decoded from nothing.
fn still(width: u32, height: u32) -> Opener {
    Box::new(move || {
        let decode = move |_: &Path, frame: &mut Frame| {
            frame.reset(PixelFormat::Rgba, width, height);
            frame.data.fill(255);
            for (index, pixel) in frame.data.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                pixel[0] = (index % 251) as u8;
            }
            Ok(())
        };
        Ok(Box::new(Stills::image(Path::new("gray"), 120.0, Box::new(decode))) as Box<dyn Source>)
    })
}

fn intent(chain: Chain, revision: u64) -> Intent {
    Intent { chain: Arc::new(chain), revision, ..Intent::default() }
}

/// Waits for a frame that follows an intent, and gives back all frames.
fn next(live: &Live, revision: u64) -> Arc<Shown> {
    loop {
        let shown = live.wait(PATIENCE).expect("a frame");
        if shown.revision == revision {
            return shown;
        }
        live.give_back(shown);
    }
}

/// Waits for a notice.
fn notice(live: &Live, wanted: impl Fn(&Notice) -> bool) -> Notice {
    loop {
        if let Some(notice) = live.notices().into_iter().find(|notice| wanted(notice)) {
            return notice;
        }
        thread::yield_now();
    }
}

fn first(image: &Image) -> [u8; 4] {
    let Pixels::U8(rgba) = image.pixels() else { panic!("not in 8 bits") };
    rgba[..4].try_into().unwrap()
}

fn pixel(shown: &Shown) -> [u8; 4] {
    first(shown.result().unwrap())
}

/// Whether a frame was inverted.
fn inverted(shown: &Shown) -> bool {
    let [r, g, b, a] = first(&shown.source);
    first(shown.result().unwrap()) == [255 - r, 255 - g, 255 - b, a]
}

#[test]
fn what_is_asked_for_is_in_the_next_frame_that_is_rendered() {
    let live = live();
    live.set_source(chart(64, 36));
    live.send(intent(Chain::new(), 1));
    let plain = next(&live, 1);
    assert_eq!(pixel(&plain), first(&plain.source));
    live.send(intent(Chain::new().invert(1.0), 2));
    // One frame may have been on its way.
    let mut older = 0;
    loop {
        let shown = live.wait(PATIENCE).unwrap();
        if shown.revision == 2 {
            assert!(inverted(&shown));
            break;
        }
        older += 1;
        live.give_back(shown);
    }
    assert!(older <= 2, "{older} frames followed the intent before");
}

#[test]
fn a_step_that_fails_is_left_out_and_named() {
    let live = live();
    live.set_source(chart(64, 36));
    let look = Chain::new().then(effects::Sticker::default()).invert(1.0);
    live.send(intent(look, 1));
    let Notice::Bypassed { step, effect, message } = notice(&live, |notice| matches!(notice, Notice::Bypassed { .. }))
    else {
        unreachable!()
    };
    assert_eq!((step, effect.as_str()), (0, "Sticker"), "{message}");
    assert!(inverted(&next(&live, 1)), "the rest of the look goes on");
}

#[test]
fn a_step_that_panics_is_left_out_and_the_loop_goes_on() {
    /// An effect that fails in the worst way.
    #[derive(Debug)]
    struct Bomb(Box<dyn bowerbird::effect::Effect>);
    impl bowerbird::effect::Effect for Bomb {
        fn info(&self) -> &'static bowerbird::effect::Info {
            self.0.info()
        }
        fn class(&self) -> bowerbird::effect::Class {
            self.0.class()
        }
        fn field(&self, index: usize) -> Option<&dyn bowerbird::param::Param> {
            self.0.field(index)
        }
        fn field_mut(&mut self, index: usize) -> Option<&mut dyn bowerbird::param::Param> {
            self.0.field_mut(index)
        }
        fn lower(&self, _: &mut bowerbird::effect::Step<'_, '_>) {
            panic!("the effect of this test fails");
        }
        fn is_identity(&self) -> bool {
            false
        }
        fn reshape(&self, size: [u32; 2]) -> Result<Option<bowerbird::reshape::Reshape>, String> {
            self.0.reshape(size)
        }
        fn boxed(&self) -> Box<dyn bowerbird::effect::Effect> {
            Box::new(Self(self.0.boxed()))
        }
        fn fresh(&self) -> Box<dyn bowerbird::effect::Effect> {
            Box::new(Self(self.0.fresh()))
        }
    }
    let live = live();
    live.set_source(chart(64, 36));
    let mut look = Chain::new().invert(1.0);
    look.push(ChainStep::new(Bomb(effects::find("sepia").unwrap())));
    live.send(intent(look, 1));
    assert!(matches!(
        notice(&live, |notice| matches!(notice, Notice::Bypassed { .. })),
        Notice::Bypassed { step: 1, .. }
    ));
    assert!(inverted(&next(&live, 1)));
}

#[test]
fn only_as_much_is_rendered_as_the_view_shows() {
    let live = live();
    live.set_source(still(101, 50));
    live.send(Intent { view: Some((34, 17)), ..intent(Chain::new().gaussian_blur(0.1), 1) });
    let shown = next(&live, 1);
    assert_eq!((shown.full, shown.divisor), ((101, 50), 2));
    assert_eq!((shown.source.size(), shown.size()), ((51, 25), (51, 25)));
    live.send(intent(Chain::new(), 2));
    assert_eq!(next(&live, 2).size(), (101, 50));
}

#[test]
fn a_part_of_a_picture_is_as_sharp_as_the_view() {
    let live = live();
    live.set_source(still(400, 300));
    let crop = effects::Crop { rect: [0.25, 0.25, 0.25, 0.25], ..effects::Crop::default() };
    live.send(Intent { view: Some((100, 75)), ..intent(Chain::new().then(crop), 1) });
    let shown = next(&live, 1);
    assert_eq!((shown.full_result, shown.divisor), ((100, 75), 1));
    assert_eq!(shown.size(), (100, 75));
}

#[test]
fn a_picture_that_does_not_move_is_rendered_only_when_asked() {
    let live = live();
    live.set_source(still(32, 32));
    live.send(intent(Chain::new(), 1));
    live.give_back(next(&live, 1));
    live.send(intent(Chain::new().invert(1.0), 2));
    let shown = next(&live, 2);
    assert_eq!(pixel(&shown)[1], 0);
    // Ten more frames came from the source, and none was rendered.
    let came = live.report().frames_in;
    while live.report().frames_in < came + 10 {
        thread::yield_now();
    }
    assert!(live.take().is_none());
}

#[test]
fn a_paused_picture_still_follows_its_look() {
    let live = live();
    live.set_source(chart(64, 36));
    live.send(intent(Chain::new(), 1));
    live.give_back(next(&live, 1));
    live.send(Intent { running: false, ..intent(Chain::new().invert(1.0), 2) });
    let first = next(&live, 2);
    live.send(Intent { running: false, ..intent(Chain::new(), 3) });
    let second = next(&live, 3);
    assert_eq!(first.sequence, second.sequence);
    assert_ne!(pixel(&first), pixel(&second));
}

#[test]
fn a_size_changing_look_says_what_size_it_makes() {
    let live = live();
    live.set_source(chart(64, 36));
    live.send(intent(Chain::new().then(effects::Rotate90::default()), 1));
    let shown = next(&live, 1);
    assert_eq!((shown.full_result, shown.size()), ((36, 64), (36, 64)));
}

#[test]
fn a_source_that_fails_is_a_notice_and_another_takes_over() {
    let live = live();
    let missing = CaptureError::NotFound { name: "camera 7".into(), hint: "plug it in".into() };
    let error = missing.clone();
    live.set_source(Box::new(move || Err(error.clone())));
    notice(&live, |notice| *notice == Notice::Source(Event::Failed(missing.clone())));
    live.set_source(chart(64, 36));
    live.send(intent(Chain::new(), 1));
    assert_eq!(next(&live, 1).full, (64, 36));
    assert!(!live.report().ended);
}

#[test]
fn damaged_frames_are_said_once_and_good_ones_go_on() {
    struct Flaky(u64);
    impl Source for Flaky {
        fn describe(&self) -> String {
            "flaky".into()
        }
        fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
            thread::park_timeout(timeout.min(Duration::from_millis(5)));
            frame.reset(PixelFormat::Gray, 8, 8);
            frame.sequence = self.0;
            if self.0.is_multiple_of(3) {
                frame.data.truncate(10);
            }
            self.0 += 1;
            Ok(Read::Frame)
        }
    }
    let live = live();
    live.set_source(Box::new(|| Ok(Box::new(Flaky(0)) as Box<dyn Source>)));
    live.send(intent(Chain::new(), 1));
    notice(&live, |notice| matches!(notice, Notice::Source(Event::Damaged(_))));
    assert_eq!(next(&live, 1).full, (8, 8));
}

#[test]
fn an_output_that_panics_costs_a_frame_and_not_the_loop() {
    let live = live();
    let mut calls = 0;
    live.set_output(
        "test",
        Some(Box::new(move |_| {
            calls += 1;
            assert!(calls != 2, "the output of this test fails");
            Ok(())
        })),
    );
    live.set_source(chart(64, 36));
    live.send(intent(Chain::new(), 1));
    notice(&live, |notice| matches!(notice, Notice::Failed(_)));
    let from = live.report().frames_out;
    while live.report().frames_out < from + 3 {
        live.wait(PATIENCE).into_iter().for_each(|shown| live.give_back(shown));
    }
}

#[test]
fn the_caller_never_waits_for_a_slow_graph() {
    let live = live();
    live.set_source(still(600, 400));
    let mut slow = Chain::new();
    for _ in 0..4 {
        slow = slow.median(0.02).bilateral(0.02);
    }
    live.send(Intent { adaptive: false, ..intent(slow, 1) });
    let mut calls = 0;
    while live.take().is_none_or(|shown| shown.revision != 1) {
        live.report();
        live.notices();
        calls += 1;
        thread::park_timeout(Duration::from_millis(1));
    }
    // The rendering takes seconds; calls that waited for it would be few.
    assert!(calls > 50, "{calls} calls");
}

#[test]
fn what_steps_take_and_what_moves_is_reported_to_who_asks() {
    let live = live();
    live.set_source(Box::new(|| Ok(Box::new(Synthetic::new(Chart::ZonePlate, 64, 36, 120.0)) as Box<dyn Source>)));
    let look = Chain::new().gaussian_blur(0.05).then(effects::MotionDetect { tau: 5.0, ..Default::default() });
    live.send(Intent { explain: true, ..intent(look, 1) });
    let report = loop {
        live.give_back(live.wait(PATIENCE).expect("a frame"));
        let report = live.report();
        if report.motion.first().is_some_and(|motion| motion.amount > 0.0) {
            break report;
        }
    };
    let [motion] = report.motion.as_slice() else { panic!("{:?}", report.motion) };
    let [x, y] = motion.centroid.expect("something moves");
    assert!(
        motion.step == 1 && motion.amount <= 1.0 && (0.0..1.0).contains(&x) && (0.0..1.0).contains(&y),
        "{motion:?}"
    );
    let plan = report.explanation.expect("it was asked for");
    let steps: Vec<usize> = plan.steps.iter().map(|time| time.step).collect();
    let (of_steps, of_passes) = (plan.steps.iter().map(|time| time.ms), plan.passes.iter().filter_map(|pass| pass.ms));
    assert_eq!(steps, [0, 1]);
    assert!((of_steps.sum::<f32>() - of_passes.sum::<f32>()).abs() < 1e-3, "{plan}");
}
