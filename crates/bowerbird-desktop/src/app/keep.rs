//! What is kept of a session, and when.

use super::App;
use crate::store::Session;
use eframe::egui;
use std::time::{Duration, Instant};

/// How long after a change the session is kept.
const KEEP_AFTER: Duration = Duration::from_secs(2);

impl App {
    /// Keeps the session before long.
    pub(crate) fn keep_soon(&mut self) {
        self.keep_at = Some(Instant::now() + KEEP_AFTER);
    }

    /// Keeps the session when it is time.
    pub(super) fn keep(&mut self, context: &egui::Context) {
        let size = context.content_rect().size();
        self.window = Some((size.x, size.y));
        let Some(at) = self.keep_at else { return };
        let now = Instant::now();
        if now < at {
            context.request_repaint_after(at - now);
            return;
        }
        self.keep_at = None;
        if self.keeps {
            let session = self.session();
            self.keeper.ask((self.store.clone(), session, self.document.recipe().clone()));
        }
    }

    fn session(&self) -> Session {
        Session {
            source: self.source.to_keep().map(ToString::to_string).filter(|text| text != "y4m:-"),
            recipe: None,
            theme: self.theme,
            panel: self.tab.label().to_owned(),
            layout: self.panels.into(),
            window: self.window,
            recent: self.recent.clone(),
        }
    }

    /// Completes what is being saved, and keeps the session, at the end.
    pub fn finish(&mut self) {
        self.files.finish(&self.store);
        self.export.finish();
        if self.keeps {
            let session = Session { recipe: Some(self.document.recipe().to_json()), ..self.session() };
            // There is nobody left to tell.
            let _ = self.store.save_session(&session);
        }
    }
}
