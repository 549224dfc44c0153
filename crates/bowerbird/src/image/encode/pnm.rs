//! Netpbm: PPM, or PAM when there is alpha; readers tell them apart by their first bytes.

use crate::image::Pixels;
use crate::image::prepare::Prepared;

pub(super) fn encode(picture: &Prepared) -> Vec<u8> {
    let Prepared { width, height, .. } = picture;
    let most = if matches!(picture.samples, Pixels::U16(_)) { 65535 } else { 255 };
    let header = if picture.has_alpha() {
        format!("P7\nWIDTH {width}\nHEIGHT {height}\nDEPTH 4\nMAXVAL {most}\nTUPLTYPE RGB_ALPHA\nENDHDR\n")
    } else {
        format!("P6\n{width} {height}\n{most}\n")
    };
    let mut out = header.into_bytes();
    match &picture.samples {
        Pixels::U16(samples) => out.extend(samples.iter().flat_map(|v| v.to_be_bytes())),
        other => out.extend(other.as_bytes()),
    }
    out
}
