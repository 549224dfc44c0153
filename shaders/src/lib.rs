//! The hand-written WGSL of Bowerbird, one constant a file, so that the engine can be published with its shaders.
//!
//! `kernels` are templates: the engine writes bindings, the functions of the recipe's effects and a few small holes
//! above them. `lib` holds functions that templates share.

/// Templates of passes.
pub mod kernels {
    /// A pass without neighbors.
    pub const POINTS: &str = include_str!("../kernels/points.wgsl");
    /// A pass of a small neighborhood.
    pub const STENCIL: &str = include_str!("../kernels/stencil.wgsl");
    /// Both axes of a separable convolution.
    pub const PAIR: &str = include_str!("../kernels/pair.wgsl");
    /// The next finer level of a pyramid.
    pub const GROW: &str = include_str!("../kernels/grow.wgsl");
    /// One axis of a separable convolution.
    pub const CONVOLVE: &str = include_str!("../kernels/convolve.wgsl");
    /// The least or greatest along one axis.
    pub const LINE: &str = include_str!("../kernels/line.wgsl");
    /// The least or greatest of a disc.
    pub const DISC: &str = include_str!("../kernels/disc.wgsl");
    /// The middle value of a square.
    pub const MEDIAN: &str = include_str!("../kernels/median.wgsl");
    /// The mean of a square by distance and likeness.
    pub const BILATERAL: &str = include_str!("../kernels/bilateral.wgsl");
    /// A pass that reads at computed positions.
    pub const WARP: &str = include_str!("../kernels/warp.wgsl");
    /// Counts of levels.
    pub const HISTOGRAM: &str = include_str!("../kernels/histogram.wgsl");
    /// Counts to the equalizing curve.
    pub const EQUALIZE: &str = include_str!("../kernels/equalize.wgsl");
    /// The equalizing curves of tiles.
    pub const TILE_CURVES: &str = include_str!("../kernels/tile_curves.wgsl");
    /// Pixels taken through the curves of the tiles around them.
    pub const CURVES: &str = include_str!("../kernels/curves.wgsl");
    /// Means of the cells of a lattice.
    pub const CELLS: &str = include_str!("../kernels/cells.wgsl");
    /// How much each row of pixels moves.
    pub const MOTION: &str = include_str!("../kernels/motion.wgsl");
    /// Pixels moved to another grid.
    pub const RESHAPE: &str = include_str!("../kernels/reshape.wgsl");
    /// One axis of a resize.
    pub const RESIZE: &str = include_str!("../kernels/resize.wgsl");
    /// A result as screens blend it.
    pub const SCREEN: &str = include_str!("../kernels/screen.wgsl");
}

/// Functions that templates share.
pub mod library {
    /// The input at an offset.
    pub const NEIGHBOR: &str = include_str!("../lib/neighbor.wgsl");
    /// Where tiles are.
    pub const TILES: &str = include_str!("../lib/tiles.wgsl");
    /// Border policies.
    pub const BORDER: &str = include_str!("../lib/border.wgsl");
}
