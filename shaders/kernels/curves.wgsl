// Luma taken through the curves of the four tiles around each pixel.
//
// Holes: `prologue(p)` the input; `table(first, last, index)`; `tile_counts()`, `twice_center(axis, index)`; TABLE the
// place of the curves.

struct Between {
    first: u32,
    second: u32,
    part: f32,
}

fn between(axis: u32, pixel: u32) -> Between {
    let at = 2u * pixel + 1u;
    let count = tile_counts()[axis];
    var after = 0u;
    while (after < count && twice_center(axis, after) <= at) {
        after++;
    }
    if (after == 0u || after == count) {
        let tile = min(after, count - 1u);
        return Between(tile, tile, 0.0);
    }
    let low = twice_center(axis, after - 1u);
    return Between(after - 1u, after, f32(at - low) / f32(twice_center(axis, after) - low));
}

fn curve(column: u32, row: u32, position: f32) -> f32 {
    let first = TABLE + 256u * (row * tile_counts().x + column);
    let cell = min(floor(position), 254.0);
    let low = table(first, 255u, u32(cell));
    return low + (table(first, 255u, u32(cell) + 1u) - low) * (position - cell);
}

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    let c = prologue(p);
    let luma = c.r * 0.2126 + c.g * 0.7152 + c.b * 0.0722;
    let position = clamp(luma, 0.0, 1.0) * 255.0;
    let x = between(0u, u32(p.x));
    let y = between(1u, u32(p.y));
    let left = mix(curve(x.first, y.first, position), curve(x.first, y.second, position), y.part);
    let right = mix(curve(x.second, y.first, position), curve(x.second, y.second, position), y.part);
    let change = mix(left, right, x.part) - luma;
    let shown = select(vec3f(0.0), c.rgb + change, c.a > 1e-6);
    store(p, epilogue(vec4f(shown, c.a), p));
}
