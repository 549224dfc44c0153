// Counts the levels of a picture: of luma, or of red, green and blue in three rows of 256.
//
// Holes: `epilogue(head, p)` computes the display value at pixel p; CHANNELS is 1 or 3; `counts` is the result.

fn level(v: f32) -> u32 {
    return u32(floor(clamp(v, 0.0, 1.0) * 255.0 + 0.5));
}

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    let c = epilogue(vec4f(0.0), p);
    if (c.a < 0.5) {
        return;
    }
    if (CHANNELS == 3) {
        atomicAdd(&counts[level(c.r)], 1u);
        atomicAdd(&counts[256u + level(c.g)], 1u);
        atomicAdd(&counts[512u + level(c.b)], 1u);
    } else {
        atomicAdd(&counts[level(c.r * 0.2126 + c.g * 0.7152 + c.b * 0.0722)], 1u);
    }
}
