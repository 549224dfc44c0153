// Interpolates the next finer level of a pyramid: at even places from three samples, at odd ones from two.
//
// Holes: `input_at(p)` a sample of the coarser level; `settle(c)` the alpha of an opaque picture.

fn along(p: vec2i, odd: bool) -> vec4f {
    let here = input_at(p);
    let next = input_at(p + vec2i(1, 0));
    if (odd) {
        return (here + next) * 0.5;
    }
    return (input_at(p - vec2i(1, 0)) + next) * 0.125 + here * 0.75;
}

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    let q = vec2i(p.x >> 1u, p.y >> 1u);
    let odd = (p & vec2i(1)) != vec2i(0);
    let here = along(q, odd.x);
    let next = along(q + vec2i(0, 1), odd.x);
    var sum = (here + next) * 0.5;
    if (!odd.y) {
        sum = (along(q - vec2i(0, 1), odd.x) + next) * 0.125 + here * 0.75;
    }
    store(p, epilogue(settle(sum), p));
}
