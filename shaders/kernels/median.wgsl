// The middle value of a square, channel by channel: the bits of the answer are found from the highest to the lowest, by
// counting the neighbors below. Exact, and without memory for a sorted window.
//
// Holes: `neighbor(p, offset)` the input, `radius()` half the side of the square.

// Unsigned numbers in the order of the floats.
fn key(v: vec4f) -> vec4u {
    let bits = bitcast<vec4u>(v);
    return select(bits ^ vec4u(0x80000000u), ~bits, (bits & vec4u(0x80000000u)) != vec4u(0u));
}

fn value(k: vec4u) -> vec4f {
    return bitcast<vec4f>(select(~k, k ^ vec4u(0x80000000u), (k & vec4u(0x80000000u)) != vec4u(0u)));
}

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    let r = radius();
    let half = u32((2 * r + 1) * (2 * r + 1) / 2);
    var found = vec4u(0u);
    for (var bit = 31; bit >= 0; bit--) {
        let tried = found | vec4u(1u << u32(bit));
        var below = vec4u(0u);
        for (var dy = -r; dy <= r; dy++) {
            for (var dx = -r; dx <= r; dx++) {
                below += select(vec4u(0u), vec4u(1u), key(neighbor(p, vec2i(dx, dy))) < tried);
            }
        }
        found = select(found, tried, below <= vec4u(half));
    }
    store(p, epilogue(value(found), p));
}
