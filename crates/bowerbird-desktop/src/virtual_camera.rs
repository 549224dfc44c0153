//! The virtual camera: rendered frames as other programs see them.
//!
//! It gets every frame in full, whatever the window shows: a camera's size is part of what its watchers agreed on, so the
//! render scale must not change it. And whoever watches has chosen a device, so pictures of another size go to the same.
//! Frames that stay on a graphics device are brought to the processor for it, on the
//! engine's thread.

use crate::app::App;
use bowerbird::Image;
use bowerbird::image::Pixels;
use bowerbird_live::Output;
use std::path::{Path, PathBuf};

/// The name of the output, with which its notices begin.
const NAME: &str = "virtual camera";

/// Where frames go.
trait Sink: Send + Sized + 'static {
    /// Opens the device, or one of those there are, for pictures of a size.
    fn open(device: Option<&Path>, width: u32, height: u32) -> Result<Self, String>;

    /// The device that it is.
    fn device(&self) -> PathBuf;

    /// Shows RGBA pixels of that size.
    fn write(&mut self, rgba: &[u8]) -> Result<(), String>;
}

impl Sink for bowerbird_capture::VirtualCamera {
    fn open(device: Option<&Path>, width: u32, height: u32) -> Result<Self, String> {
        Self::open(device, width, height, bowerbird_capture::Rate::new(30)).map_err(|error| error.to_string())
    }

    fn device(&self) -> PathBuf {
        self.path().to_owned()
    }

    fn write(&mut self, rgba: &[u8]) -> Result<(), String> {
        Self::write(self, rgba).map_err(|error| error.to_string())
    }
}

/// Feeds a sink with frames of an even number of columns; it is opened with the first frame, and anew for another size.
fn feed<S: Sink>() -> Output {
    let (mut sink, mut device): (Option<S>, Option<PathBuf>) = (None, None);
    let (mut size, mut cut) = ((0, 0), Vec::new());
    Box::new(move |shown| {
        // Frames that were asked for before are of the window's size; those of a device that was lost have no pixels.
        if shown.divisor != 1 {
            return Ok(());
        }
        let Ok(Pixels::U8(rgba)) = shown.result().map(Image::pixels) else { return Ok(()) };
        let (full, height) = shown.size();
        let width = full & !1;
        let open = match sink.take().filter(|_| size == (width, height)) {
            Some(open) => open,
            None => S::open(device.as_deref(), width, height)?,
        };
        device.get_or_insert_with(|| open.device());
        size = (width, height);
        let pixels = if width == full {
            rgba.as_slice()
        } else {
            cut.clear();
            for row in rgba.chunks_exact(4 * full as usize) {
                cut.extend_from_slice(&row[..4 * width as usize]);
            }
            cut.as_slice()
        };
        sink.insert(open).write(pixels)
    })
}

impl App {
    /// Feeds the virtual camera, or stops.
    pub(crate) fn toggle_virtual_camera(&mut self) {
        self.source.virtual_camera = !self.source.virtual_camera;
        let output = self.source.virtual_camera.then(feed::<bowerbird_capture::VirtualCamera>);
        self.live.set_output(NAME, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bowerbird::gpu::SharedDevice;
    use bowerbird::gpu::runtime::GpuOptions;
    use bowerbird::{Backend, Chain, Engine, EngineOptions, effects};
    use bowerbird_capture::{Chart, Source, Synthetic};
    use bowerbird_live::{Intent, Live, LiveOptions, Notice};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    /// Longer than anything here takes on a busy machine.
    const PATIENCE: Duration = Duration::from_secs(60);

    /// What reached the camera.
    struct Seen {
        sizes: Vec<(u32, u32)>,
        devices: Vec<Option<PathBuf>>,
        last: Vec<u8>,
    }

    static SEEN: Mutex<Seen> = Mutex::new(Seen { sizes: Vec::new(), devices: Vec::new(), last: Vec::new() });

    struct Fake;

    impl Sink for Fake {
        fn open(device: Option<&Path>, width: u32, height: u32) -> Result<Self, String> {
            let mut seen = SEEN.lock().unwrap();
            seen.sizes.push((width, height));
            seen.devices.push(device.map(Path::to_owned));
            Ok(Self)
        }

        fn device(&self) -> PathBuf {
            "/dev/video9".into()
        }

        fn write(&mut self, rgba: &[u8]) -> Result<(), String> {
            rgba.clone_into(&mut SEEN.lock().unwrap().last);
            Ok(())
        }
    }

    #[test]
    fn frames_that_stay_on_a_shared_device_reach_the_camera_at_one_size() {
        let device = SharedDevice::open(&GpuOptions { allow_software: true, ..GpuOptions::default() });
        let device = match device {
            Ok(device) => device,
            Err(error) => {
                assert!(std::env::var_os("BOWERBIRD_REQUIRE_GPU").is_none(), "{error}");
                return;
            }
        };
        let engine = EngineOptions { backend: Backend::Gpu, device: Some(device), ..EngineOptions::default() };
        let live = Live::start(LiveOptions { engine, ..LiveOptions::default() }).unwrap();
        live.set_output(NAME, Some(feed::<Fake>()));
        let source = || Ok(Box::new(Synthetic::new(Chart::ColorBars, 64, 35, 120.0)) as Box<dyn Source>);
        live.set_source(Box::new(source));
        // Turned, so that its columns are odd; between two frames in full the window asks for a smaller one.
        let look = Arc::new(Chain::new().invert(1.0).then(effects::Rotate90::default()));
        let mut last = None;
        for (revision, view) in [(1, None), (2, Some((17, 32))), (3, None)] {
            let chain = Arc::clone(&look);
            live.send(Intent { chain, revision, view, adaptive: false, ..Intent::default() });
            let shown = loop {
                let shown = live.wait(PATIENCE).expect("a frame");
                if shown.revision == revision {
                    break shown;
                }
            };
            assert!(shown.picture().is_some(), "it stays on the device");
            last = Some(shown);
        }
        let shown = last.expect("three frames");
        let rendered = Engine::cpu().unwrap().render(&look, &shown.source).unwrap();
        assert_eq!((rendered.size(), shown.divisor), ((35, 64), 1));
        // What the camera has may be a frame later, in which a line of the chart has moved; the bars have not.
        let pixels = SEEN.lock().unwrap().last.clone();
        assert_eq!((SEEN.lock().unwrap().sizes.as_slice(), pixels.len()), (&[(34, 64)][..], 4 * 34 * 64));
        let expected = rendered.to_rgba8();
        let rows = expected.chunks_exact(4 * 35).zip(pixels.chunks_exact(4 * 34));
        let alike = rows.filter(|(a, b)| a[..4 * 34] == **b).count();
        assert!(alike >= 60, "{alike} of 64 rows");

        // Whoever watches has chosen a device: pictures of another size go to the same.
        let chain = Arc::new(Chain::new().invert(1.0));
        live.send(Intent { chain, revision: 4, adaptive: false, ..Intent::default() });
        while live.wait(PATIENCE).expect("a frame").revision != 4 {}
        let seen = SEEN.lock().unwrap();
        assert_eq!((seen.sizes.as_slice(), seen.last.len()), (&[(34, 64), (64, 35)][..], 4 * 64 * 35));
        assert_eq!(seen.devices, [None, Some(Fake.device())]);
        assert!(!live.notices().iter().any(|notice| matches!(notice, Notice::Failed(_))));
    }
}
