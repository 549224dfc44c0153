//! What a build without a GPU knows of pictures on one: that there are none.

use super::Engine;
use crate::chain::Chain;
use crate::error::Error;
use crate::frame::Frame;
use crate::image::Image;
use core::convert::Infallible;
use core::time::Duration;

/// A picture on a graphics device; this build has none.
#[derive(Debug)]
pub struct DevicePicture(Infallible);

impl DevicePicture {
    /// Columns and rows.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        match self.0 {}
    }

    /// Whether it is known to be opaque.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        match self.0 {}
    }

    /// The part of its rendering in which the device did others' work.
    #[must_use]
    pub fn waited(&self) -> Duration {
        match self.0 {}
    }

    /// Brings the picture to the processor.
    ///
    /// # Errors
    /// None.
    pub fn read_into(&self, _: &mut Image) -> Result<(), Error> {
        match self.0 {}
    }

    /// The straight codes of one pixel.
    ///
    /// # Errors
    /// None.
    pub fn texel(&self, _: u32, _: u32) -> Result<[u8; 4], Error> {
        match self.0 {}
    }
}

/// What became of a rendering that is to stay on the device.
#[derive(Debug)]
pub enum OnDevice {
    /// It is there.
    Rendered(DevicePicture),
    /// Pipelines are being compiled; ask again.
    Compiling,
    /// This one is for the CPU.
    Elsewhere,
}

impl Engine {
    /// Says that there is no device; [`Engine::render_frame_into`] is what to call.
    ///
    /// # Errors
    /// None.
    pub fn render_frame_on_device(&self, _: &Chain, _: &Image, _: &Frame, _: bool) -> Result<OnDevice, Error> {
        Ok(OnDevice::Elsewhere)
    }

    /// Whether the engine renders on a device that somebody else draws with: never.
    pub fn shares_device(&self) -> bool {
        false
    }
}
