//! Shows the moving zone plate on a virtual camera, for so many frames.
//!
//! ```text
//! cargo run -p bowerbird-capture --example virtual_camera -- 300 /dev/video4
//! ```

#[cfg(target_os = "linux")]
fn main() -> Result<(), bowerbird_capture::CaptureError> {
    use bowerbird_capture::{Chart, Frame, Rate, Read, Source, Synthetic, VirtualCamera, virtual_cameras};
    use std::time::Duration;

    let mut arguments = std::env::args().skip(1);
    let frames = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(300);
    let path = arguments.next();
    virtual_cameras().iter().for_each(|camera| println!("{}: {}", camera.path.display(), camera.name));
    let mut camera = VirtualCamera::open(path.as_deref().map(std::path::Path::new), 640, 360, Rate::new(30))?;
    println!("{} shows {frames} frames", camera.name());
    let mut source = Synthetic::new(Chart::ZonePlate, 640, 360, 30.0);
    let mut frame = Frame::default();
    for _ in 0..frames {
        while source.read(&mut frame, Duration::from_secs(1))? != Read::Frame {}
        camera.write(&frame.data)?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("virtual cameras are Linux's");
}
