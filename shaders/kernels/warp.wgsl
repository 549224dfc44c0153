// A pass that reads its input at computed positions.
//
// Holes: `source(at, cell)` the position in full-size pixels, `prologue(p)` the input, GRID the positions an axis within
// a pixel, `sample(u)` one of the filters below, `border(i, n)` the policy, -1 where there is nothing,
// `picture_size()` the size of the input.

fn texel(p: vec2i) -> vec4f {
    let q = vec2i(border(p.x, picture_size().x), border(p.y, picture_size().y));
    if (q.x < 0 || q.y < 0) {
        return vec4f(0.0);
    }
    return prologue(q);
}

fn sample_nearest(position: vec2f) -> vec4f {
    return texel(vec2i(floor(position)));
}

fn sample_bilinear(position: vec2f) -> vec4f {
    let u = position - 0.5;
    let i = floor(u);
    let f = u - i;
    let p = vec2i(i);
    let upper = texel(p) * (1.0 - f.x) + texel(p + vec2i(1, 0)) * f.x;
    let lower = texel(p + vec2i(0, 1)) * (1.0 - f.x) + texel(p + vec2i(1, 1)) * f.x;
    return upper * (1.0 - f.y) + lower * f.y;
}

// The weights of the four taps around a fraction: the Keys kernel with a = -1/2.
fn keys(f: f32) -> vec4f {
    let a = 1.0 + f;
    let b = 1.0 - f;
    let c = 2.0 - f;
    return vec4f(
        ((-0.5 * a + 2.5) * a - 4.0) * a + 2.0,
        (1.5 * f - 2.5) * f * f + 1.0,
        (1.5 * b - 2.5) * b * b + 1.0,
        ((-0.5 * c + 2.5) * c - 4.0) * c + 2.0,
    );
}

fn sample_bicubic(position: vec2f) -> vec4f {
    let u = position - 0.5;
    let i = floor(u);
    let wx = keys(u.x - i.x);
    let wy = keys(u.y - i.y);
    let p = vec2i(i) - 1;
    var sum = vec4f(0.0);
    for (var y = 0; y < 4; y++) {
        var across = vec4f(0.0);
        for (var x = 0; x < 4; x++) {
            across += wx[x] * texel(p + vec2i(x, y));
        }
        sum += wy[y] * across;
    }
    return sum;
}

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    if (!is_on()) {
        store(p, epilogue(prologue(p), p));
        return;
    }
    var sum = vec4f(0.0);
    for (var sub = 0; sub < GRID * GRID; sub++) {
        let offset = (vec2f(f32(sub % GRID), f32(sub / GRID)) + 0.5) / f32(GRID) - 0.5;
        let at = position(p) + offset / scale();
        // Positions farther out than any picture are pulled in, so that they convert to integers.
        let source = clamp(source_position(at, cell_of_pixel(p)) * scale(), vec2f(-16777216.0), vec2f(16777216.0));
        sum += SAMPLE(source);
    }
    if (GRID > 1) {
        sum *= 1.0 / f32(GRID * GRID);
    }
    sum.a = clamp(sum.a, 0.0, 1.0);
    store(p, epilogue(sum, p));
}
