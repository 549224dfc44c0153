// One axis of a resize. For each line of the result `taps` has the first line of the source, where its weights start, and
// how many there are; the weights follow.

@group(0) @binding(0) var<storage, read> taps: array<u32>;
@group(0) @binding(1) var source: texture_2d<f32>;
@group(0) @binding(2) var result: texture_storage_2d<TEXEL, write>;

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (any(id.xy >= textureDimensions(result))) {
        return;
    }
    let line = 3u * select(id.y, id.x, ACROSS);
    let first = taps[line];
    var sum = vec4f(0.0);
    for (var tap = 0u; tap < taps[line + 2u]; tap++) {
        let at = select(vec2u(id.x, first + tap), vec2u(first + tap, id.y), ACROSS);
        sum += bitcast<f32>(taps[taps[line + 1u] + tap]) * textureLoad(source, at, 0);
    }
    // Negative lobes overshoot; alpha may not.
    textureStore(result, id.xy, select(vec4f(sum.rgb, clamp(sum.a, 0.0, 1.0)), sum, ACROSS));
}
