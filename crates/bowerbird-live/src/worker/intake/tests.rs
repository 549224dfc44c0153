use super::*;
use bowerbird::image::Pixels;
use bowerbird_capture::{Read, Source};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Longer than anything here takes on a busy machine.
const LONG: Duration = Duration::from_secs(60);

const SIZE: u32 = 8;

/// Delivers what it is told to, and says when it is closed.
struct Told(Receiver<Frame>, Arc<Mailbox<()>>);

impl Source for Told {
    fn describe(&self) -> String {
        "a test".into()
    }

    fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
        match self.0.recv_timeout(timeout) {
            Ok(next) => *frame = next,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => return Ok(Read::Nothing),
            Err(_) => return Ok(Read::End),
        }
        Ok(Read::Frame)
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.1.put(());
    }
}

fn frame(format: PixelFormat, number: u64) -> Frame {
    let mut frame = Frame::default();
    frame.reset(format, SIZE, SIZE);
    frame.data.fill(16 + number as u8);
    frame.sequence = number;
    frame
}

fn intake() -> (Intake, SyncSender<Frame>, Arc<Mailbox<()>>) {
    let (send, receive) = sync_channel(1);
    let closed = Arc::new(Mailbox::new());
    let mut told = Some(Told(receive, Arc::clone(&closed)));
    let open = move || told.take().map(|told| Box::new(told) as Box<dyn Source>).ok_or_else(gone);
    (Intake::start(Box::new(open)).unwrap(), send, closed)
}

fn gone() -> CaptureError {
    CaptureError::Unplugged { name: "a test".into() }
}

/// The place in memory of a picture's pixels.
fn memory(picture: &Arc<Image>) -> *const u8 {
    let Pixels::U8(codes) = picture.pixels() else { panic!("not in 8 bits") };
    codes.as_ptr()
}

#[test]
fn frames_are_converted_in_order_and_rgba_passes_as_it_is() {
    let (intake, send, _) = intake();
    for number in 0..20 {
        let format = if number % 2 == 0 { PixelFormat::Yuyv } else { PixelFormat::Rgba };
        send.send(frame(format, number)).unwrap();
        let arrived = intake.wait(LONG).unwrap();
        assert_eq!(arrived.frame.sequence, number);
        let mut expected = Vec::new();
        frame(format, number).to_rgba(&mut expected).unwrap();
        match arrived.picture {
            Some(picture) => assert!(format == PixelFormat::Yuyv && picture.unwrap().to_rgba8() == expected),
            None => assert!(format == PixelFormat::Rgba && arrived.frame.data == expected),
        }
    }
    assert_eq!(intake.counters().skipped, 0);
}

#[test]
fn the_newest_wins_what_nobody_took_is_counted_and_its_memory_used_again() {
    let (intake, send, _) = intake();
    let mut places = std::collections::BTreeSet::new();
    for number in 0..20 {
        send.send(frame(PixelFormat::Yuyv, number)).unwrap();
        // Every second one is left until the next has come.
        while intake.shared.ready.is_empty() || intake.counters().skipped < number.div_ceil(2) {
            thread::yield_now();
        }
        if number % 2 == 1 {
            let arrived = intake.take().unwrap();
            assert_eq!(arrived.frame.sequence, number);
            let picture = arrived.picture.unwrap().unwrap();
            places.insert(memory(&picture));
            intake.give_back_picture(picture);
        }
    }
    assert_eq!(intake.counters().skipped, 10);
    assert!(places.len() <= 2, "{} pictures are in use", places.len());
}

#[test]
fn a_damaged_frame_is_an_error_and_frames_that_are_not_wanted_are_not_converted() {
    let (intake, send, _) = intake();
    let mut damaged = frame(PixelFormat::Yuyv, 0);
    damaged.data.truncate(3);
    send.send(damaged).unwrap();
    assert!(matches!(intake.wait(LONG).unwrap().picture, Some(Err(CaptureError::Damaged { .. }))));
    intake.pause(true);
    send.send(frame(PixelFormat::Yuyv, 1)).unwrap();
    assert!(intake.wait(LONG).unwrap().picture.is_none());
}

#[test]
fn the_last_frame_is_there_when_the_source_has_ended_and_dropping_closes_the_source() {
    let (first, send, closed) = intake();
    send.send(frame(PixelFormat::Yuyv, 7)).unwrap();
    drop(send);
    while !first.ended() {
        thread::yield_now();
    }
    assert_eq!(first.take().unwrap().frame.sequence, 7);
    assert!(first.take().is_none() && closed.take().is_some());

    let (second, _send, closed) = intake();
    drop(second);
    assert!(closed.take().is_some(), "every thread was joined");
}
