// The least or greatest of each channel in a disc.
//
// Holes: `neighbor(p, offset)` the input, `radius()` the radius, `pick(a, b)` the lesser or the greater of both.

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    let r = radius();
    var best = neighbor(p, vec2i(0));
    for (var dy = -r; dy <= r; dy++) {
        for (var dx = -r; dx <= r; dx++) {
            if (dx * dx + dy * dy <= r * r) {
                best = pick(best, neighbor(p, vec2i(dx, dy)));
            }
        }
    }
    store(p, epilogue(best, p));
}
