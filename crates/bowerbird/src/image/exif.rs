//! The few EXIF and XMP fields that an upright copy of a picture must correct.
//!
//! A full EXIF crate rewrites the block and loses maker notes; this walks the first two directories and changes bytes
//! in place. A block that breaks the rules is kept as it is.

/// A TIFF structure, of which EXIF is one.
pub(super) struct Directory<'a> {
    bytes: &'a [u8],
    is_little: bool,
}

/// One field: its tag, type, count and the offset of its inline value.
pub(super) struct Field {
    pub(super) tag: u16,
    kind: u16,
    count: u32,
    pub(super) value_at: usize,
}

const ORIENTATION: u16 = 0x0112;
const THUMBNAIL_AT: u16 = 0x0201;
const THUMBNAIL_LENGTH: u16 = 0x0202;
const SHORT: u16 = 3;

impl<'a> Directory<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let is_little = match bytes.get(..4)? {
            [b'I', b'I', 42, 0] => true,
            [b'M', b'M', 0, 42] => false,
            _ => return None,
        };
        Some(Self { bytes, is_little })
    }

    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        let value = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.is_little { u16::from_le_bytes(value) } else { u16::from_be_bytes(value) })
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        let value = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.is_little { u32::from_le_bytes(value) } else { u32::from_be_bytes(value) })
    }

    /// Offset of the first directory.
    pub(super) fn first(&self) -> Option<usize> {
        usize::try_from(self.u32(4)?).ok()
    }

    /// The fields of the directory at an offset, and where the offset of the next directory stands.
    pub(super) fn fields(&self, at: usize) -> Option<(Vec<Field>, usize)> {
        let count = usize::from(self.u16(at)?);
        let first = at.checked_add(2)?;
        let fields = (0..count).map(|index| {
            let at = first.checked_add(12 * index)?;
            Some(Field { tag: self.u16(at)?, kind: self.u16(at + 2)?, count: self.u32(at + 4)?, value_at: at + 8 })
        });
        Some((fields.collect::<Option<_>>()?, first.checked_add(12 * count)?))
    }

    /// A 16-bit value in the byte order of the block.
    pub(super) fn short(&self, value: u16) -> [u8; 2] {
        if self.is_little { value.to_le_bytes() } else { value.to_be_bytes() }
    }
}

/// Sets the orientation to 1, unlinks and blanks the thumbnail, and returns the orientation that was there.
pub(super) fn settle(exif: &mut [u8]) -> Option<u16> {
    let directory = Directory::new(exif)?;
    let (fields, next_at) = directory.fields(directory.first()?)?;
    let orientation = fields.iter().find(|f| f.tag == ORIENTATION && f.kind == SHORT && f.count == 1);
    let orientation = orientation.and_then(|f| Some((directory.u16(f.value_at)?, f.value_at)));
    let upright = directory.short(1);

    let thumbnail = directory.u32(next_at).filter(|at| *at != 0).and_then(|at| {
        let (fields, _) = directory.fields(usize::try_from(at).ok()?)?;
        let value = |tag| fields.iter().find(|f| f.tag == tag).and_then(|f| directory.u32(f.value_at));
        let start = usize::try_from(value(THUMBNAIL_AT)?).ok()?;
        let length = usize::try_from(value(THUMBNAIL_LENGTH)?).ok()?;
        Some(start..start.checked_add(length)?)
    });

    if let Some((_, at)) = orientation {
        exif.get_mut(at..at + 2)?.copy_from_slice(&upright);
    }
    if let Some(bytes) = thumbnail.and_then(|range| exif.get_mut(range)) {
        bytes.fill(0);
    }
    if let Some(link) = exif.get_mut(next_at..next_at + 4) {
        link.fill(0);
    }
    orientation.map(|(value, _)| value)
}

/// The packet with `tiff:Orientation` 1, as an attribute or as an element.
pub(super) fn settle_xmp(mut packet: Vec<u8>) -> Vec<u8> {
    for before in [&b"tiff:Orientation=\""[..], b"tiff:Orientation='", b"<tiff:Orientation>"] {
        let found = packet.windows(before.len()).position(|window| window == before);
        if let Some(digit) = found.and_then(|at| packet.get_mut(at + before.len()))
            && digit.is_ascii_digit()
        {
            *digit = b'1';
        }
    }
    packet
}
