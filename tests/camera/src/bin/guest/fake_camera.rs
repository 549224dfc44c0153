//! The emulated USB camera from the point of view of a case: start it with options, steer it, find its device.

use crate::node::{self, Node};
use crate::poll;
use anyhow::{Context, bail};
use bowerbird_camera_tests::port;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Where the machine has the pictures.
pub(crate) const PICTURES: &str = "/pictures";

/// A running camera. Dropping it pulls its plug.
pub(crate) struct FakeCamera {
    process: Child,
    orders: ChildStdin,
    /// What it prints: a file, so that it never waits for a reader.
    log: PathBuf,
    /// How much of the log was seen.
    seen: usize,
    port: u8,
}

impl FakeCamera {
    /// Starts a camera with options of `fakeuvc`, and waits until it is plugged in.
    pub(crate) fn start(options: &[&str]) -> anyhow::Result<Self> {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let log = PathBuf::from(format!("/tmp/fakeuvc-{}.log", STARTED.fetch_add(1, Ordering::Relaxed)));
        let file = File::create(&log)?;
        let mut process = Command::new("fakeuvc")
            .arg(PICTURES)
            .args(options)
            .stdin(Stdio::piped())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .context("fakeuvc is not in the machine; machine.sh takes it with --with")?;
        let orders = process.stdin.take().context("a pipe")?;
        let mut camera = Self { process, orders, log, seen: 0, port: 0 };
        const PLUGGED: &str = "plugged into port ";
        let line = camera.wait_for_line(PLUGGED)?;
        camera.port = line[PLUGGED.len()..].parse()?;
        Ok(camera)
    }

    /// Waits until it prints a line that starts like this, after those that were waited for before; returns the line.
    pub(crate) fn wait_for_line(&mut self, start: &str) -> anyhow::Result<String> {
        let Self { process, log, seen, .. } = self;
        poll::until(&format!("“{start}” from the camera"), || {
            let text = fs::read_to_string(&*log)?;
            let mut end = *seen;
            for line in text[*seen..].split_inclusive('\n') {
                end += line.len();
                if line.starts_with(start) && line.ends_with('\n') {
                    *seen = end;
                    return Ok(Some(line.trim_end().to_owned()));
                }
            }
            if let Some(status) = process.try_wait()? {
                bail!("the camera ended ({status}): {text}");
            }
            Ok(None)
        })
    }

    /// Gives it an order, and waits until it is obeyed.
    pub(crate) fn order(&mut self, order: &str) -> anyhow::Result<()> {
        writeln!(self.orders, "{order}").context("the camera has ended")?;
        self.wait_for_line(&format!("ok {order}")).map(drop)
    }

    /// Waits until uvcvideo has made devices for it, and returns the one that frames come from.
    pub(crate) fn node(&self) -> anyhow::Result<Node> {
        poll::until("uvcvideo to take the camera", || Ok(self.nodes()?.into_iter().next()))
    }

    /// The devices that it has now: the one that frames come from, then the one for metadata.
    pub(crate) fn nodes(&self) -> anyhow::Result<Vec<Node>> {
        let Some(device) = port::device(self.port)? else { return Ok(vec![]) };
        // A folder that is not there yet, or no more, has no devices in it.
        let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().collect::<Vec<_>>();
        let mut paths: Vec<PathBuf> = entries(&device)
            .iter()
            .flat_map(|interface| entries(&interface.path().join("video4linux")))
            .map(|video| Path::new("/dev").join(video.file_name()))
            .filter(|path| path.exists())
            .collect();
        // The kernel numbers them upwards, and fills gaps below ten first.
        paths.sort_unstable_by_key(|path| (path.as_os_str().len(), path.clone()));
        Ok(paths.into_iter().filter_map(|path| node::describe(path).ok()).collect())
    }
}

impl Drop for FakeCamera {
    fn drop(&mut self) {
        // A camera that has ended is gone as well.
        let _ = self.process.kill();
        let _ = self.process.wait();
        // The next case is to start without it.
        let gone = || Ok(port::device(self.port)?.is_none().then_some(()));
        let _ = poll::until("the camera to go", gone);
    }
}
