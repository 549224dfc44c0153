//! Renders a recorded session again, frame by frame, into a folder of pictures.
//!
//! `bowerbird live --record-session day.session` records one; then
//! `cargo run --release -p bowerbird-examples --example replay_session -- day.session FOLDER`.

use bowerbird::Engine;
use bowerbird_live::Session;
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let path = arguments.next().ok_or("name a session: replay_session day.session [FOLDER]")?;
    let folder = arguments.next();
    if let Some(folder) = &folder {
        std::fs::create_dir_all(folder)?;
    }
    let engine = Engine::cpu()?;
    let mut session = Session::open(&path)?;
    let mut count = 0;
    while let Some(recorded) = session.render_next(&engine)? {
        if let Some(folder) = &folder {
            recorded.result.save(folder.join(format!("{count:05}.png")))?;
        }
        count += 1;
    }
    println!("{}: {count} pictures", path.display());
    Ok(())
}
