//! The loop between a source of frames and a screen.
//!
//! ```text
//! capture ──Mailbox<Frame>──► convert ──Mailbox──► engine ──Mailbox<Shown>──► whoever shows pictures
//! whoever shows ──Mailbox<Intent>─► engine ──Report, Notice──► whoever shows pictures
//! ```
//!
//! [`Live`] is the handle that an interface holds. Every call on it returns at once: a mailbox has one slot, the newest
//! wins, and nobody waits for anybody. An [`Intent`] is all that is wanted of the picture, the whole of it each time, so
//! losing one to a newer one loses nothing. A [`Shown`] is a rendered frame with the intent's number in it, so an
//! interface knows what it looks at. When something fails (a camera, an effect, the GPU) the loop goes on with less and
//! says so in a [`Notice`].
//!
//! ```
//! use bowerbird::Chain;
//! use bowerbird_capture::{Chart, Source, Synthetic};
//! use bowerbird_live::{Intent, Live, LiveOptions};
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! let live = Live::start(LiveOptions::default())?;
//! live.set_source(Box::new(|| Ok(Box::new(Synthetic::new(Chart::ColorBars, 64, 36, 60.0)) as Box<dyn Source>)));
//! live.send(Intent { chain: Arc::new(Chain::new().sepia(1.0)), revision: 1, ..Intent::default() });
//! let shown = live.wait(Duration::from_secs(10)).expect("a frame");
//! assert_eq!(shown.size(), (64, 36));
//! # Ok::<(), bowerbird_live::LiveError>(())
//! ```
//!
//! What it refuses: to queue, to block its caller, and to know anything of windows.

mod aside;
mod error;
mod gallery;
mod governor;
mod intent;
mod live;
mod reduce;
mod report;
pub mod scope;
mod session;
mod shown;
mod worker;

pub use aside::{Aside, Desk};
pub use bowerbird_capture::Mailbox;
pub use error::LiveError;
pub use gallery::{Gallery, GalleryRequest, Thumbnail, gallery};
pub use governor::Governor;
pub use intent::Intent;
pub use live::{Live, LiveOptions, Output, Recording, Waker};
pub use reduce::reduce;
pub use report::{Notice, Quantiles, Report, Spread};
pub use session::{Recorded, Session, SessionWriter};
pub use shown::Shown;
