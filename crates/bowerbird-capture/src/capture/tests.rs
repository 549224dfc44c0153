use super::*;
use crate::{Chart, Synthetic};

/// A source that does what its script says.
struct Scripted(VecDeque<Result<Read, CaptureError>>, u64);

impl Source for Scripted {
    fn describe(&self) -> String {
        "script".into()
    }

    fn read(&mut self, frame: &mut Frame, _: Duration) -> Result<Read, CaptureError> {
        frame.sequence = self.1;
        self.1 += 1;
        self.0.pop_front().unwrap_or(Ok(Read::End))
    }
}

fn unplugged() -> CaptureError {
    CaptureError::Unplugged { name: "script".into() }
}

fn damaged() -> CaptureError {
    CaptureError::Damaged { name: "script".into(), reason: "half of it".into() }
}

/// Runs sources one after another, as the opener gives them, and returns what was said and counted.
fn run_all(scripts: Vec<Result<Vec<Result<Read, CaptureError>>, CaptureError>>) -> (Vec<Event>, Counters) {
    let mut scripts = VecDeque::from(scripts);
    let opener: Opener = Box::new(move || match scripts.pop_front() {
        Some(script) => script.map(|steps| Box::new(Scripted(steps.into(), 0)) as Box<dyn Source>),
        None => Err(CaptureError::Missing { what: "script".into(), hint: "write one".into() }),
    });
    let capture = Capture::start(opener).unwrap();
    while !capture.ended() {
        thread::yield_now();
    }
    (capture.events(), capture.counters())
}

#[test]
fn an_unplugged_source_resumes_by_itself() {
    let (events, counters) = run_all(vec![
        Ok(vec![Ok(Read::Frame), Ok(Read::Frame), Err(unplugged())]),
        Err(CaptureError::NotFound { name: "script".into(), hint: "plug it in".into() }),
        Ok(vec![Ok(Read::Frame), Ok(Read::End)]),
    ]);
    let expected =
        [Event::Started("script".into()), Event::Trouble(unplugged()), Event::Resumed("script".into()), Event::Ended];
    assert_eq!(events, expected);
    assert_eq!(counters.frames, 3);
}

#[test]
fn a_device_that_is_not_given_to_its_users_yet_is_tried_again() {
    let denied = || CaptureError::Denied { name: "script".into(), hint: "join its group".into() };
    let (events, _) = run_all(vec![
        Ok(vec![Ok(Read::Frame), Err(unplugged())]),
        Err(denied()),
        Ok(vec![Ok(Read::Frame), Ok(Read::End)]),
    ]);
    let (started, resumed) = (Event::Started("script".into()), Event::Resumed("script".into()));
    let lost = Event::Trouble(unplugged());
    assert_eq!(events, [started.clone(), lost.clone(), resumed.clone(), Event::Ended]);

    // What stays so is said, and waited for.
    let (events, _) = run_all(vec![
        Ok(vec![Ok(Read::Frame), Err(unplugged())]),
        Err(denied()),
        Err(denied()),
        Err(denied()),
        Ok(vec![Ok(Read::Frame), Ok(Read::End)]),
    ]);
    assert_eq!(events, [started, lost, Event::Trouble(denied()), resumed, Event::Ended]);

    // One that never worked is not opened over and over.
    let (events, _) = run_all(vec![Err(denied())]);
    assert_eq!(events, [Event::Failed(denied())]);
}

#[test]
fn damaged_frames_are_counted_and_said_once() {
    let (events, counters) =
        run_all(vec![Ok(vec![Ok(Read::Frame), Err(damaged()), Err(damaged()), Ok(Read::Frame), Err(damaged())])]);
    let damages = events.iter().filter(|event| matches!(event, Event::Damaged(_))).count();
    assert_eq!((counters.damaged, damages), (3, 2));
    assert_eq!(counters.lost, 2, "the numbers of the damaged frames are missing");
}

#[test]
fn a_device_of_which_nothing_can_be_used_is_opened_again() {
    /// Damaged frames, at the pace of a camera, as one sends that has changed its format without a word.
    struct Unusable;
    impl Source for Unusable {
        fn describe(&self) -> String {
            "script".into()
        }
        fn is_device(&self) -> bool {
            true
        }
        fn read(&mut self, _: &mut Frame, _: Duration) -> Result<Read, CaptureError> {
            thread::park_timeout(Duration::from_millis(20));
            Err(damaged())
        }
    }
    let mut sources: VecDeque<Box<dyn Source>> = VecDeque::new();
    sources.push_back(Box::new(Unusable));
    sources.push_back(Box::new(Unusable));
    sources.push_back(Box::new(Scripted([Ok(Read::Frame)].into(), 0)));
    let began = Instant::now();
    let capture = Capture::start(Box::new(move || Ok(sources.pop_front().expect("no more than three")))).unwrap();
    let mut events = Vec::new();
    while !events.iter().any(|event| matches!(event, Event::Trouble(_))) {
        events.extend(capture.events());
        thread::yield_now();
    }
    assert!(began.elapsed() >= STALL, "a run of damage may end by itself");
    while !capture.ended() {
        thread::yield_now();
    }
    events.extend(capture.events());
    let [Event::Damaged(_), Event::Trouble(error), Event::Started(_), Event::Ended] = &events[..] else {
        panic!("{events:?}")
    };
    assert!(error.to_string().contains("half of it") && error.may_pass(), "{error}");
}

#[test]
fn a_source_that_never_was_is_a_failure() {
    let missing = CaptureError::NotFound { name: "script".into(), hint: "write one".into() };
    let (events, _) = run_all(vec![Err(missing.clone())]);
    assert_eq!(events, [Event::Failed(missing)]);
}

#[test]
fn a_slow_source_that_is_no_device_is_no_trouble() {
    // A frame takes longer than a device may be silent.
    let rate = 0.8 / STALL.as_secs_f64();
    let slow = move || Ok(Box::new(Synthetic::new(Chart::Timestamp, 64, 1, rate)) as Box<dyn Source>);
    let capture = Capture::start(Box::new(slow)).unwrap();
    for sequence in 0..2 {
        let frame = capture.wait(Duration::from_secs(60)).unwrap();
        assert_eq!(frame.sequence, sequence);
    }
    assert!(matches!(capture.events()[..], [Event::Started(_)]));
}

#[test]
fn dropping_joins_a_silent_source() {
    struct Silent;
    impl Source for Silent {
        fn describe(&self) -> String {
            "silence".into()
        }
        fn read(&mut self, _: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
            thread::park_timeout(timeout);
            Ok(Read::Nothing)
        }
    }
    let capture = Capture::start(Box::new(|| Ok(Box::new(Silent)))).unwrap();
    let start = Instant::now();
    drop(capture);
    assert!(start.elapsed() < STALL, "it took {:?}", start.elapsed());
}

#[test]
fn a_panicking_driver_is_a_failure() {
    let capture = Capture::start(Box::new(|| panic!("a driver's fault"))).unwrap();
    while !capture.ended() {
        thread::yield_now();
    }
    assert!(matches!(capture.events()[..], [Event::Failed(_)]));
}

#[test]
fn pictures_of_another_size_than_was_agreed_on_are_said_and_handed_on() {
    /// A camera that was asked for 64 by 48 pixels and sends pictures of these widths.
    struct Liar(VecDeque<u32>);
    impl Source for Liar {
        fn describe(&self) -> String {
            "script".into()
        }
        fn is_device(&self) -> bool {
            true
        }
        fn size(&self) -> Option<(u32, u32)> {
            Some((64, 48))
        }
        fn read(&mut self, frame: &mut Frame, _: Duration) -> Result<Read, CaptureError> {
            let Some(width) = self.0.pop_front() else { return Ok(Read::End) };
            frame.reset(crate::PixelFormat::Rgba, width, 48);
            Ok(Read::Frame)
        }
    }
    let mut source = Some(Liar([64, 32, 32, 64].into()));
    let opener: Opener = Box::new(move || match source.take() {
        Some(source) => Ok(Box::new(source)),
        None => Err(unplugged()),
    });
    let capture = Capture::start(opener).unwrap();
    while !capture.ended() {
        thread::yield_now();
    }
    let resized = |width: u32| Event::Resized(format!("script sends pictures of {width}×48"));
    assert_eq!(capture.events(), [Event::Started("script".into()), resized(32), resized(64), Event::Ended]);
    assert_eq!(capture.counters().frames, 4);
}
