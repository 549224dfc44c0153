//! What the loop is asked for.

use super::App;
use crate::panels::Tab;
use bowerbird_live::{Governor, Intent, Shown};

/// What was last asked of the loop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sent {
    revision: u64,
    view: Option<(u32, u32)>,
    running: bool,
    explain: bool,
}

impl App {
    /// Whether a frame has the pixels that were last asked for.
    pub(super) fn is_sharp(&self, shown: &Shown) -> bool {
        self.sent.is_some_and(|sent| shown.divisor <= Governor::needed(shown.full_result, sent.view))
    }

    /// Says what is wanted, if that is something else than before.
    pub(super) fn send(&mut self) {
        self.follow_frame();
        let full = self.full_frame_for.is_some() || self.source.virtual_camera;
        let view = (!full).then(|| {
            // Before the first frame its size is not known; a canvas full of it is there the soonest.
            let Some(shown) = &self.shown else { return self.canvas.view };
            let (width, height) = shown.full_result;
            // No larger than a texture may be.
            let most = u32::try_from(self.screen.largest_side()).unwrap_or(u32::MAX).max(1);
            let least = width.max(height).div_ceil(most).max(1);
            let view = self.canvas.view;
            (view.0.min(width / least).max(1), view.1.min(height / least).max(1))
        });
        let wanted = Sent {
            revision: self.document.revision(),
            view,
            running: self.running,
            explain: [Tab::Performance, Tab::Effects].into_iter().any(|tab| self.shows_tab(tab)),
        };
        if self.sent == Some(wanted) {
            return;
        }
        if self.sent.is_none_or(|sent| sent.revision != wanted.revision) {
            self.stack.bypassed.clear();
            self.banners.clear("effect");
            self.keep_soon();
        }
        self.sent = Some(wanted);
        let intent = Intent {
            chain: self.seen_chain(),
            revision: wanted.revision,
            view,
            running: self.running,
            adaptive: !full,
            explain: wanted.explain,
        };
        self.meter.wait(|| self.live.send(intent));
    }
}
