// How much each row of pixels moves, and the same weighted by columns: a workgroup a row. What a pixel moves is in green.

@group(0) @binding(0) var kept: texture_2d<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<vec2f>;

const THREADS: u32 = 64;
var<workgroup> parts: array<vec2f, THREADS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) id: vec3u) {
    var sum = vec2f(0.0);
    for (var x = id.x; x < textureDimensions(kept).x; x += THREADS) {
        let moves = textureLoad(kept, vec2u(x, group.y), 0).g;
        sum += moves * vec2f(1.0, f32(x) + 0.5);
    }
    parts[id.x] = sum;
    for (var half = THREADS / 2u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if (id.x < half) {
            parts[id.x] += parts[id.x + half];
        }
    }
    if (id.x == 0u) {
        sums[group.y] = parts[0];
    }
}
