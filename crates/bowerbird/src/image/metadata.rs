//! What a file says besides its pixels.

/// Blocks carried from the input file to the output, and remarks about the reading.
///
/// The blocks are kept as they are, with three corrections made at decode, because the pixels no longer match the
/// original: the orientation is 1, in EXIF and XMP alike, and the EXIF thumbnail is gone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// EXIF: a TIFF structure, from its byte order mark on.
    pub exif: Option<Vec<u8>>,
    /// XMP: an XML packet in UTF-8.
    pub xmp: Option<Vec<u8>>,
    /// IPTC: raw IIM records.
    pub iptc: Option<Vec<u8>>,
    /// Print resolution in dots per inch, horizontal and vertical.
    pub dpi: Option<[f32; 2]>,
    /// Things the reader had to pass over, such as a color profile that could not be used. One sentence each.
    pub warnings: Vec<String>,
}

/// A kind of metadata that is carried as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Exif,
    Xmp,
    Iptc,
}

impl Block {
    pub(super) const ALL: [Self; 3] = [Self::Exif, Self::Xmp, Self::Iptc];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Exif => "EXIF",
            Self::Xmp => "XMP",
            Self::Iptc => "IPTC",
        }
    }
}

impl Metadata {
    pub(super) fn block(&self, kind: Block) -> Option<&[u8]> {
        match kind {
            Block::Exif => self.exif.as_deref(),
            Block::Xmp => self.xmp.as_deref(),
            Block::Iptc => self.iptc.as_deref(),
        }
    }

    pub(super) fn warn(&mut self, sentence: impl Into<String>) {
        self.warnings.push(sentence.into());
    }

    /// Tells of pictures behind the first, which are not read.
    pub(super) fn only_first(&mut self, is_one_of_many: bool) {
        if is_one_of_many {
            self.warn("the file holds further pictures; the first is read");
        }
    }

    /// Dots per inch to the hundredth, so that a round number in other units comes out round.
    pub(super) fn set_dpi(&mut self, dpi: [f32; 2]) {
        self.dpi = Some(dpi.map(|per_inch| (per_inch * 100.0).round() / 100.0));
    }

    /// The print resolution, if it is one that a file can state.
    pub(super) fn sane_dpi(&self) -> Option<[f32; 2]> {
        self.dpi.filter(|dpi| dpi.iter().all(|d| (1.0..=30_000.0).contains(d)))
    }
}
