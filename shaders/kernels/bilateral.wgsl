// The mean of a square, weighted by distance, by likeness of color and by alpha (Tomasi and Manduchi 1998).
//
// Holes: `neighbor(p, offset)` the input, straight; `radius()` half the side of the square; `falloff()` what the squares
// of distance and difference are multiplied by, for powers of two.

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    let r = radius();
    let center = neighbor(p, vec2i(0));
    var sum = vec3f(0.0);
    var total = 0.0;
    for (var dy = -r; dy <= r; dy++) {
        for (var dx = -r; dx <= r; dx++) {
            let c = neighbor(p, vec2i(dx, dy));
            let d = c.rgb - center.rgb;
            let squares = vec2f(f32(dx * dx + dy * dy), d.r * d.r + d.g * d.g + d.b * d.b);
            let weight = c.a * bb_exp2(max(dot(squares, falloff()), -126.0));
            sum += weight * c.rgb;
            total += weight;
        }
    }
    let is_mean = r > 0 && total > 0.0;
    let mean = select(center.rgb, sum / select(1.0, total, is_mean), is_mean);
    store(p, epilogue(vec4f(mean, center.a), p));
}
