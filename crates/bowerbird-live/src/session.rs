//! Recorded sessions: what was asked for and what came in, to be rendered again to the same bytes.
//!
//! The file is a sequence of records, each a line of JSON; a frame's line says how many bytes of pixels follow it. So it
//! can be written while it happens, read with nothing but this, and a recording that was cut off is good up to the cut.
//!
//! ```text
//! {"bowerbird_session":2}
//! {"intent":{"revision":4,"recipe":{…}}}
//! {"left_out":{"steps":[1]}}                                     steps that failed, until the next intent
//! {"frame":{"width":1280,"height":720,"format":"YUYV",…,"divisor":1,"bytes":1843200}}   then the bytes
//! {"again":{"divisor":1}}                                        the same frame with another intent
//! ```

use crate::LiveError;
use crate::intent::Intent;
use crate::reduce::reduce;
use bowerbird::image::ImageError;
use bowerbird::recipe::Loader;
use bowerbird::{Chain, Engine, Image, Output, Recipe};
use bowerbird_capture::{ColorMatrix, ColorRange, Frame, PixelFormat};
use core::time::Duration;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The version of the format; the first had no steps that were left out.
const VERSION: u32 = 2;

/// Longest line of a record, a recipe with its assets.
const LONGEST_LINE: u64 = 64 << 20;

/// Most bytes of a frame: 16384 by 16384 of four.
const MOST_BYTES: u64 = 1 << 30;

/// The longest side of a frame.
const MOST_SIDE: u32 = 16384;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Record {
    BowerbirdSession(u32),
    Intent { revision: u64, recipe: serde_json::Value },
    LeftOut { steps: Vec<usize> },
    Frame(FrameRecord),
    Again { divisor: u32 },
}

#[derive(Serialize, Deserialize)]
struct FrameRecord {
    width: u32,
    height: u32,
    format: String,
    stride: usize,
    matrix: u8,
    full_range: bool,
    /// Nanoseconds since the source began.
    time: u64,
    sequence: u64,
    still: bool,
    divisor: u32,
    bytes: u64,
}

const MATRICES: [ColorMatrix; 3] = [ColorMatrix::Bt601, ColorMatrix::Bt709, ColorMatrix::Bt2020];

/// Writes a session; the file gets its name when it is whole.
#[derive(Debug)]
pub struct SessionWriter {
    path: PathBuf,
    partial: PathBuf,
    file: Option<BufWriter<File>>,
    chain: Option<(Arc<Chain>, u64)>,
    left_out: Vec<usize>,
}

impl SessionWriter {
    /// Begins a file.
    ///
    /// # Errors
    /// [`LiveError::File`] for a folder that cannot be written to.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, LiveError> {
        let path = path.into();
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        let partial = path.with_file_name(name);
        let file = File::create(&partial).map_err(|error| fail(&path, error))?;
        let mut writer = Self { path, partial, file: Some(BufWriter::new(file)), chain: None, left_out: Vec::new() };
        writer.line(&Record::BowerbirdSession(VERSION))?;
        Ok(writer)
    }

    /// Writes what was rendered: the intent if it is another one, the steps that were left out if they are others, and
    /// the frame unless it is the one before.
    pub(crate) fn rendered(
        &mut self,
        intent: &Intent,
        left_out: Vec<usize>,
        frame: Option<&Frame>,
        divisor: u32,
    ) -> Result<(), LiveError> {
        let same =
            |(chain, revision): &(Arc<Chain>, u64)| Arc::ptr_eq(chain, &intent.chain) && *revision == intent.revision;
        if !self.chain.as_ref().is_some_and(same) {
            let recipe = Recipe::from_chain("", (*intent.chain).clone()).to_json();
            self.line(&Record::Intent { revision: intent.revision, recipe })?;
            self.chain = Some((Arc::clone(&intent.chain), intent.revision));
            self.left_out.clear();
        }
        if self.left_out != left_out {
            self.line(&Record::LeftOut { steps: left_out.clone() })?;
            self.left_out = left_out;
        }
        let Some(frame) = frame else { return self.line(&Record::Again { divisor }) };
        self.line(&Record::Frame(FrameRecord {
            width: frame.width,
            height: frame.height,
            format: frame.format.name().into(),
            stride: frame.stride,
            matrix: MATRICES.iter().position(|matrix| *matrix == frame.matrix).unwrap_or(0) as u8,
            full_range: frame.range == ColorRange::Full,
            time: u64::try_from(frame.time.as_nanos()).unwrap_or(u64::MAX),
            sequence: frame.sequence,
            still: frame.still.is_some(),
            divisor,
            bytes: frame.data.len() as u64,
        }))?;
        self.write(&frame.data)
    }

    fn line(&mut self, record: &Record) -> Result<(), LiveError> {
        let mut line = serde_json::to_vec(record).map_err(|error| fail(&self.path, error.into()))?;
        line.push(b'\n');
        self.write(&line)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), LiveError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(bytes).map_err(|error| fail(&self.path, error))
    }

    /// Completes the file and gives it its name.
    ///
    /// # Errors
    /// [`LiveError::File`], a full disk among them.
    pub fn finish(mut self) -> Result<PathBuf, LiveError> {
        if let Some(mut file) = self.file.take() {
            let done = file.flush().and_then(|()| std::fs::rename(&self.partial, &self.path));
            done.map_err(|error| fail(&self.path, error))?;
        }
        Ok(self.path.clone())
    }
}

impl Drop for SessionWriter {
    /// A session that was not finished is not kept.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.partial);
    }
}

fn fail(path: &Path, error: io::Error) -> LiveError {
    LiveError::File { path: path.to_owned(), reason: error.to_string() }
}

/// A recorded session.
#[derive(Debug)]
pub struct Session {
    path: PathBuf,
    file: BufReader<File>,
    chain: Chain,
    revision: u64,
    frame: Option<(Frame, bool)>,
    line: Vec<u8>,
}

/// One rendering of a session.
#[derive(Debug)]
pub struct Recorded {
    /// The number of the intent.
    pub revision: u64,
    /// The frame's number.
    pub sequence: u64,
    /// The picture.
    pub result: Image,
}

impl Session {
    /// Opens a file.
    ///
    /// # Errors
    /// [`LiveError::File`] for what is no session.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, LiveError> {
        let path = path.into();
        let file = File::open(&path).map_err(|error| fail(&path, error))?;
        let mut session =
            Self { path, file: BufReader::new(file), chain: Chain::new(), revision: 0, frame: None, line: Vec::new() };
        match session.record()? {
            Some(Record::BowerbirdSession(1..=VERSION)) => Ok(session),
            Some(Record::BowerbirdSession(other)) => {
                Err(session.wrong(format!("version {other} is newer than this program; update it")))
            }
            _ => Err(session.wrong("this is no recorded session".into())),
        }
    }

    fn wrong(&self, reason: String) -> LiveError {
        LiveError::File { path: self.path.clone(), reason }
    }

    fn record(&mut self) -> Result<Option<Record>, LiveError> {
        self.line.clear();
        let mut limited = (&mut self.file).take(LONGEST_LINE);
        let read = limited.read_until(b'\n', &mut self.line).map_err(|error| fail(&self.path, error))?;
        if read == 0 {
            return Ok(None);
        }
        serde_json::from_slice(&self.line)
            .map(Some)
            .map_err(|error| self.wrong(format!("a record cannot be read: {error}")))
    }

    /// Renders the next picture of the session; `None` at its end. On the CPU the bytes are those that were shown.
    ///
    /// # Errors
    /// A damaged file; a chain that cannot run.
    pub fn render_next(&mut self, engine: &Engine) -> Result<Option<Recorded>, LiveError> {
        let divisor = loop {
            match self.record()? {
                None => return Ok(None),
                Some(Record::Intent { revision, recipe }) => {
                    self.chain = Recipe::from_json(&recipe, &Loader::none())?.into();
                    self.revision = revision;
                }
                Some(Record::LeftOut { steps }) => {
                    for step in steps {
                        if let Some(step) = self.chain.steps_mut().get_mut(step) {
                            step.set_enabled(false);
                        }
                    }
                }
                Some(Record::Frame(record)) => {
                    self.read_frame(&record)?;
                    break record.divisor;
                }
                Some(Record::Again { divisor }) => break divisor,
                Some(Record::BowerbirdSession(_)) => return Err(self.wrong("a second beginning".into())),
            }
        };
        let Some((frame, still)) = &self.frame else { return Err(self.wrong("no frame came first".into())) };
        let mut full = Vec::new();
        frame.to_rgba(&mut full)?;
        let size = (frame.width, frame.height);
        let divisor = divisor.max(1);
        let mut pixels = Vec::new();
        reduce(&full, size, divisor, &mut pixels);
        let (width, height) = (size.0.div_ceil(divisor), size.1.div_ceil(divisor));
        let pixels = if divisor == 1 { full } else { pixels };
        let source = Image::from_rgba8(width, height, pixels).map_err(bowerbird::Error::from)?;
        let (time, index) = if *still { (0.0, 0) } else { (frame.time.as_secs_f64(), frame.sequence as u32) };
        let moment = bowerbird::Frame::still(size.0, size.1).scaled(1, divisor).at(time, index);
        let result = engine.render_frame(&self.chain, &source, &moment, &Output::default())?;
        Ok(Some(Recorded { revision: self.revision, sequence: frame.sequence, result }))
    }

    fn read_frame(&mut self, record: &FrameRecord) -> Result<(), LiveError> {
        let format = PixelFormat::ALL.into_iter().find(|format| format.name() == record.format);
        let format = format.ok_or_else(|| self.wrong(format!("the pixel format {} is unknown", record.format)))?;
        if record.bytes > MOST_BYTES {
            return Err(self.wrong(format!("a frame of {} bytes is too large", record.bytes)));
        }
        let sides = 1..=MOST_SIDE;
        let sized = sides.contains(&record.width) && sides.contains(&record.height);
        if !sized || record.stride > 8 * MOST_SIDE as usize {
            return Err(self.wrong(format!(
                "{}×{} pixels in rows of {} bytes are no frame",
                record.width, record.height, record.stride
            )));
        }
        let mut frame = self.frame.take().map(|(frame, _)| frame).unwrap_or_default();
        frame.data.clear();
        let read = (&mut self.file).take(record.bytes).read_to_end(&mut frame.data);
        let read = read.map_err(|error| fail(&self.path, error))?;
        if read as u64 != record.bytes {
            return Err(self.wrong("the file ends within a frame".into()));
        }
        (frame.width, frame.height, frame.format, frame.stride) = (record.width, record.height, format, record.stride);
        frame.matrix = MATRICES.get(usize::from(record.matrix)).copied().unwrap_or_default();
        frame.range = if record.full_range { ColorRange::Full } else { ColorRange::Limited };
        (frame.time, frame.sequence) = (Duration::from_nanos(record.time), record.sequence);
        self.frame = Some((frame, record.still));
        Ok(())
    }
}

impl From<ImageError> for LiveError {
    fn from(error: ImageError) -> Self {
        Self::Engine(error.into())
    }
}
