@group(0) @binding(0) var<uniform> u: array<vec4f, 3>;
@group(0) @binding(1) var picture_0: texture_2d<f32>;
@group(0) @binding(2) var target_texture: texture_storage_2d<rgba16float, write>;
fn region_origin() -> vec2i {
    return vec2i(u[0].xy);
}
fn region_size() -> vec2u {
    return vec2u(u[0].zw);
}
fn frame_size() -> vec2i {
    return vec2i(u[1].xy);
}
fn scale() -> f32 {
    return u[1].z / u[1].w;
}
fn load_0(p: vec2i) -> vec4f {
    return textureLoad(picture_0, p - vec2i(u[2].xy), 0);
}
fn bb_exp2(a: f32) -> f32 {
    return exp2(clamp(a, -126.0, 127.499));
}
fn bb_log2(a: f32) -> f32 {
    return log2(a);
}
fn bb_pow(a: f32, b: f32) -> f32 {
    return select(select(select(1.0, 3.4028235e38, b < 0.0), 0.0, b > 0.0), pow(a, b), a > 0.0);
}
fn bb_pow_5_12(a: f32) -> f32 {
    return select(0.0, pow(a, 5.0 / 12.0), a > 0.0);
}
fn bb_pow_12_5(a: f32) -> f32 {
    return select(0.0, pow(min(a, 1e15), 2.4), a > 0.0);
}
fn bb_sin(a: f32) -> f32 {
    return sin(a);
}
fn bb_cos(a: f32) -> f32 {
    return cos(a);
}
fn bb_atan2(a: f32, b: f32) -> f32 {
    let v3 = abs(b);
    let v4 = abs(a);
    let v5 = min(v3, v4);
    let v6 = max(v3, v4);
    let v7 = 0.0f < v6;
    let v9 = select(1.0f, v6, v7);
    let v10 = v5 / v9;
    let v12 = 0.41421357f < v10;
    let v13 = v10 - 1.0f;
    let v14 = v10 + 1.0f;
    let v15 = v13 / v14;
    let v16 = select(v10, v15, v12);
    let v17 = v16 * v16;
    let v19 = v17 * 0.08053745f;
    let v21 = v19 - 0.13877685f;
    let v22 = v17 * v21;
    let v24 = v22 + 0.19977711f;
    let v25 = v17 * v24;
    let v27 = v25 - 0.3333295f;
    let v28 = v17 * v27;
    let v29 = v16 * v28;
    let v30 = v29 + v16;
    let v32 = v30 + 0.7853982f;
    let v33 = select(v30, v32, v12);
    let v34 = v3 < v4;
    let v36 = 1.5707964f - v33;
    let v37 = select(v33, v36, v34);
    let v38 = b < 0.0f;
    let v40 = 3.1415927f - v37;
    let v41 = select(v37, v40, v38);
    let v42 = a < 0.0f;
    let v43 = -(v41);
    let v44 = select(v41, v43, v42);
    return v44;
}
fn position(p: vec2i) -> vec2f {
    return vec2f(p) + 0.5;
}
fn cell_of_pixel(p: vec2i) -> vec2u {
    return bitcast<vec2u>(p);
}
fn hide_1(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = select(0.0f, c0.x, v9);
    let v12 = select(0.0f, c0.y, v9);
    let v13 = select(0.0f, c0.z, v9);
    return vec4f(v11, v12, v13, c0.w);
}
fn decode_2(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v8 = abs(c0.x);
    let v10 = v8 + 0.055f;
    let v12 = v10 / 1.055f;
    let v13 = bb_pow_12_5(v12);
    let v15 = c0.x < 0.0f;
    let v16 = -(v13);
    let v17 = select(v13, v16, v15);
    let v19 = v8 <= 0.04045f;
    let v21 = c0.x / 12.92f;
    let v22 = select(v17, v21, v19);
    let v23 = abs(c0.y);
    let v24 = v23 + 0.055f;
    let v25 = v24 / 1.055f;
    let v26 = bb_pow_12_5(v25);
    let v27 = c0.y < 0.0f;
    let v28 = -(v26);
    let v29 = select(v26, v28, v27);
    let v30 = v23 <= 0.04045f;
    let v31 = c0.y / 12.92f;
    let v32 = select(v29, v31, v30);
    let v33 = abs(c0.z);
    let v34 = v33 + 0.055f;
    let v35 = v34 / 1.055f;
    let v36 = bb_pow_12_5(v35);
    let v37 = c0.z < 0.0f;
    let v38 = -(v36);
    let v39 = select(v36, v38, v37);
    let v40 = v33 <= 0.04045f;
    let v41 = c0.z / 12.92f;
    let v42 = select(v39, v41, v40);
    return vec4f(v22, v32, v42, c0.w);
}
fn premultiply_3(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v8 = c0.x * c0.w;
    let v9 = c0.y * c0.w;
    let v10 = c0.z * c0.w;
    return vec4f(v8, v9, v10, c0.w);
}
fn epilogue(head: vec4f, p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    r0 = decode_2(r0, r0, r0, at, cell);
    r0 = premultiply_3(r0, r0, r0, at, cell);
    return r0;
}
fn store(p: vec2i, c: vec4f) {
    let value = clamp(c, vec4f(-65504.0), vec4f(65504.0));
    textureStore(target_texture, p - region_origin(), value);
}
// A pass without neighbors: each invocation computes one pixel and stores it.
//
// Holes: the engine writes `bindings`, `library` and `functions` above, among them
//   epilogue(head, p)   the operations of the pass at pixel p
//   store(p, color)     writes the result

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    store(p, epilogue(vec4f(0.0), p));
}

// next pass
@group(0) @binding(0) var<uniform> u: array<vec4f, 5>;
@group(0) @binding(1) var picture_0: texture_2d<f32>;
@group(0) @binding(2) var target_texture: texture_storage_2d<rgba8unorm, write>;
fn region_origin() -> vec2i {
    return vec2i(u[0].xy);
}
fn region_size() -> vec2u {
    return vec2u(u[0].zw);
}
fn frame_size() -> vec2i {
    return vec2i(u[1].xy);
}
fn scale() -> f32 {
    return u[1].z / u[1].w;
}
fn input_origin() -> vec2i {
    return vec2i(u[2].xy);
}
fn input_size() -> vec2i {
    return vec2i(u[2].zw);
}
fn load_0(p: vec2i) -> vec4f {
    return textureLoad(picture_0, p - vec2i(u[2].xy), 0);
}
fn bb_exp2(a: f32) -> f32 {
    return exp2(clamp(a, -126.0, 127.499));
}
fn bb_log2(a: f32) -> f32 {
    return log2(a);
}
fn bb_pow(a: f32, b: f32) -> f32 {
    return select(select(select(1.0, 3.4028235e38, b < 0.0), 0.0, b > 0.0), pow(a, b), a > 0.0);
}
fn bb_pow_5_12(a: f32) -> f32 {
    return select(0.0, pow(a, 5.0 / 12.0), a > 0.0);
}
fn bb_pow_12_5(a: f32) -> f32 {
    return select(0.0, pow(min(a, 1e15), 2.4), a > 0.0);
}
fn bb_sin(a: f32) -> f32 {
    return sin(a);
}
fn bb_cos(a: f32) -> f32 {
    return cos(a);
}
fn bb_atan2(a: f32, b: f32) -> f32 {
    let v3 = abs(b);
    let v4 = abs(a);
    let v5 = min(v3, v4);
    let v6 = max(v3, v4);
    let v7 = 0.0f < v6;
    let v9 = select(1.0f, v6, v7);
    let v10 = v5 / v9;
    let v12 = 0.41421357f < v10;
    let v13 = v10 - 1.0f;
    let v14 = v10 + 1.0f;
    let v15 = v13 / v14;
    let v16 = select(v10, v15, v12);
    let v17 = v16 * v16;
    let v19 = v17 * 0.08053745f;
    let v21 = v19 - 0.13877685f;
    let v22 = v17 * v21;
    let v24 = v22 + 0.19977711f;
    let v25 = v17 * v24;
    let v27 = v25 - 0.3333295f;
    let v28 = v17 * v27;
    let v29 = v16 * v28;
    let v30 = v29 + v16;
    let v32 = v30 + 0.7853982f;
    let v33 = select(v30, v32, v12);
    let v34 = v3 < v4;
    let v36 = 1.5707964f - v33;
    let v37 = select(v33, v36, v34);
    let v38 = b < 0.0f;
    let v40 = 3.1415927f - v37;
    let v41 = select(v37, v40, v38);
    let v42 = a < 0.0f;
    let v43 = -(v41);
    let v44 = select(v41, v43, v42);
    return v44;
}
fn position(p: vec2i) -> vec2f {
    return vec2f(p) + 0.5;
}
fn cell_of_pixel(p: vec2i) -> vec2u {
    return bitcast<vec2u>(p);
}
fn unpremultiply_5(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = select(1.0f, c0.w, v9);
    let v13 = c0.x / v11;
    let v14 = select(0.0f, v13, v9);
    let v15 = c0.y / v11;
    let v16 = select(0.0f, v15, v9);
    let v17 = c0.z / v11;
    let v18 = select(0.0f, v17, v9);
    return vec4f(v14, v16, v18, c0.w);
}
fn encode_6(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v8 = abs(c0.x);
    let v9 = bb_pow_5_12(v8);
    let v11 = v9 * 1.055f;
    let v13 = v11 - 0.055f;
    let v15 = c0.x < 0.0f;
    let v16 = -(v13);
    let v17 = select(v13, v16, v15);
    let v19 = v8 <= 0.0031308f;
    let v21 = c0.x * 12.92f;
    let v22 = select(v17, v21, v19);
    let v23 = abs(c0.y);
    let v24 = bb_pow_5_12(v23);
    let v25 = v24 * 1.055f;
    let v26 = v25 - 0.055f;
    let v27 = c0.y < 0.0f;
    let v28 = -(v26);
    let v29 = select(v26, v28, v27);
    let v30 = v23 <= 0.0031308f;
    let v31 = c0.y * 12.92f;
    let v32 = select(v29, v31, v30);
    let v33 = abs(c0.z);
    let v34 = bb_pow_5_12(v33);
    let v35 = v34 * 1.055f;
    let v36 = v35 - 0.055f;
    let v37 = c0.z < 0.0f;
    let v38 = -(v36);
    let v39 = select(v36, v38, v37);
    let v40 = v33 <= 0.0031308f;
    let v41 = c0.z * 12.92f;
    let v42 = select(v39, v41, v40);
    return vec4f(v22, v32, v42, c0.w);
}
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    return r0;
}
// The index that one beyond the edge stands for; -1 where there is only transparency.

fn border_clamp(i: i32, n: i32) -> i32 {
    return clamp(i, 0, n - 1);
}

fn border_wrap(i: i32, n: i32) -> i32 {
    return ((i % n) + n) % n;
}

fn border_reflect(i: i32, n: i32) -> i32 {
    let period = max(2 * (n - 1), 1);
    let phase = ((i % period) + period) % period;
    return select(period - phase, phase, phase < n) % n;
}

fn border_transparent(i: i32, n: i32) -> i32 {
    return select(-1, i, i >= 0 && i < n);
}
fn border(i: i32, n: i32) -> i32 {
    return border_clamp(i, n);
}
fn picture_size() -> vec2i {
    return frame_size();
}
const GRID: i32 = 1;
fn is_on() -> bool {
    return u[3].x != 0.0;
}
fn source_position(at: vec2f, cell: vec2u) -> vec2f {
    let v9 = at.x * u[3].y;
    let v10 = at.y * u[3].z;
    let v11 = v9 + v10;
    let v12 = v11 - u[3].w;
    let v13 = floor(v12);
    let v14 = v12 - v13;
    let v16 = v14 * 6.2831855f;
    let v17 = bb_sin(v16);
    let v18 = u[4].x * v17;
    let v19 = at.x + v18;
    let v20 = u[4].y * v17;
    let v21 = at.y + v20;
    return vec2f(v19, v21);
}
fn SAMPLE(at: vec2f) -> vec4f {
    return sample_bilinear(at);
}
fn epilogue(head: vec4f, p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = head;
    r0 = unpremultiply_5(r0, r0, r0, at, cell);
    r0 = encode_6(r0, r0, r0, at, cell);
    return r0;
}
fn store(p: vec2i, c: vec4f) {
    let value = floor(clamp(c, vec4f(0.0), vec4f(1.0)) * 255.0 + 0.5) / 255.0;
    textureStore(target_texture, p - region_origin(), select(vec4f(0.0), value, value.a != 0.0));
}
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
