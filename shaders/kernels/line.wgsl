// The least or greatest of each channel along one axis.
//
// Holes: `neighbor(p, offset)` the input, `radius()` the reach, DIRECTION a step along the axis, `pick(a, b)` the
// lesser or the greater of both.

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    var best = neighbor(p, vec2i(0));
    for (var k = 1; k <= radius(); k++) {
        best = pick(best, pick(neighbor(p, -k * DIRECTION), neighbor(p, k * DIRECTION)));
    }
    store(p, epilogue(best, p));
}
