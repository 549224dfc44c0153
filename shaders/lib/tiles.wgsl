// How a picture is cut into tiles.
//
// Holes: `tile_counts()` tiles across and down, `full_size()` the size of the picture at scale 1.

// The rendered pixel that a tile starts at: an edge at full size, scaled and rounded.
fn tile_edge(axis: u32, index: u32) -> u32 {
    let edge = index * full_size()[axis] / tile_counts()[axis];
    let ratio = vec2u(u[1].zw);
    return (2u * edge * ratio.x + ratio.y) / (2u * ratio.y);
}

fn twice_center(axis: u32, index: u32) -> u32 {
    return tile_edge(axis, index) + tile_edge(axis, index + 1u);
}
