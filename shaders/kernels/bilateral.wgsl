// The mean of neighbors, weighted by distance, by likeness of color and by alpha (Tomasi and Manduchi 1998).
//
// Holes: `neighbor(p, offset)` the input, straight; `neighbors()` how many there are; `offset_and_weight(k)` where one
// lies and the binary logarithm of what it counts there; `falloff()` what the square of the difference is multiplied by,
// for powers of two.

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    let count = neighbors();
    let center = neighbor(p, vec2i(0));
    var sum = vec3f(0.0);
    var total = 0.0;
    for (var k = 0u; k < count; k++) {
        let other = offset_and_weight(k);
        let c = neighbor(p, vec2i(other.xy));
        let d = c.rgb - center.rgb;
        let square = d.r * d.r + d.g * d.g + d.b * d.b;
        let weight = c.a * bb_exp2(max(square * falloff() + other.z, -126.0));
        sum += weight * c.rgb;
        total += weight;
    }
    let is_mean = count > 1u && total > 0.0;
    let mean = select(center.rgb, sum / select(1.0, total, is_mean), is_mean);
    store(p, epilogue(vec4f(mean, center.a), p));
}
