// One axis of a separable symmetric convolution. Taps are added from the center outwards, both sides at once, in the
// order of the CPU.
//
// Holes: `prologue(p)` the input, `weight(k)` the weight of offset k, `radius()` the reach, AXIS 0 or 1,
// `border(i, n)` the policy, -1 where there is nothing.

fn input_at(p: vec2i, offset: i32) -> vec4f {
    var q = p;
    q[AXIS] = border(p[AXIS] + offset, frame_size()[AXIS]);
    if (q[AXIS] < 0) {
        return vec4f(0.0);
    }
    return prologue(q);
}

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    var sum = weight(0) * prologue(p);
    for (var k = 1; k <= radius(); k++) {
        sum += weight(k) * (input_at(p, -k) + input_at(p, k));
    }
    store(p, epilogue(sum, p));
}
