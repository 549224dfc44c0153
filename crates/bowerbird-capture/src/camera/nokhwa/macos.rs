//! AVFoundation. Its own list of modes is right, where [`nokhwa::Camera`] gives each format the sizes of the others. The
//! system converts to what is asked for, so YUYV stands for all formats of that kind; JPEG would have the library read
//! where there is no picture, and its gray has white at 0.

use crate::CaptureError;
use core::sync::atomic::{AtomicU8, Ordering};
use nokhwa::NokhwaError;
use nokhwa::utils::{CameraControl, CameraFormat, CameraIndex, ControlValueSetter, FrameFormat, KnownCameraControl};
use nokhwa_bindings_macos::AVCaptureDevice;

/// What runs the cameras.
pub(super) const NAME: &str = "AVFoundation";

/// The formats whose frames are as they should be.
pub(super) const KNOWN: &[FrameFormat] = &[FrameFormat::YUYV, FrameFormat::RAWRGB];

/// Rows are padded to a multiple of this, as pixel buffers of the system are.
pub(super) const ROW_ALIGNMENT: Option<usize> = Some(64);

fn device(key: &str) -> Result<AVCaptureDevice, NokhwaError> {
    AVCaptureDevice::new(&CameraIndex::String(key.into()))
}

/// What the camera offers, without setting anything.
pub(super) fn formats(key: &str) -> Result<Vec<CameraFormat>, NokhwaError> {
    device(key)?.supported_formats()
}

// What the user said, as far as it was asked.
const UNASKED: u8 = 0;
const ASKED: u8 = 1;
const REFUSED: u8 = 2;

/// Whether the user lets this program use cameras. The first call has the system ask, and the camera is tried again until
/// there is an answer.
pub(super) fn permission(name: &str) -> Result<(), CaptureError> {
    static ANSWER: AtomicU8 = AtomicU8::new(UNASKED);
    if nokhwa::nokhwa_check() {
        return Ok(());
    }
    if ANSWER.compare_exchange(UNASKED, ASKED, Ordering::AcqRel, Ordering::Acquire).is_ok() {
        nokhwa::nokhwa_initialize(|granted| {
            if !granted {
                ANSWER.store(REFUSED, Ordering::Release);
            }
        });
    }
    Err(match ANSWER.load(Ordering::Acquire) {
        REFUSED => CaptureError::Denied {
            name: name.into(),
            hint: "allow it in System Settings, Privacy & Security, Camera, and start this program again".into(),
        },
        _ => {
            CaptureError::System { name: name.into(), reason: "waiting for you to allow the use of the camera".into() }
        }
    })
}

pub(super) fn controls(key: &str) -> Result<Vec<CameraControl>, NokhwaError> {
    device(key)?.get_controls()
}

pub(super) fn set_control(key: &str, id: KnownCameraControl, value: ControlValueSetter) -> Result<(), NokhwaError> {
    let mut device = device(key)?;
    device.lock()?;
    let set = device.set_control(id, value);
    device.unlock();
    set
}
