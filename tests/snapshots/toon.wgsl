@group(0) @binding(0) var<uniform> u: array<vec4f, 4>;
@group(0) @binding(1) var picture_0: texture_2d<f32>;
@group(0) @binding(2) var target_texture: texture_storage_2d<rgba32float, write>;
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
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
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
fn radius() -> i32 {
    return i32(u[3].x);
}
fn falloff() -> vec2f {
    return vec2f(u[3].y, u[3].z);
}
// The input of a pass at an offset from a pixel.
//
// Holes: `prologue(p)` the input, `border(i, n)` the policy, -1 where there is nothing.

fn neighbor(p: vec2i, offset: vec2i) -> vec4f {
    let x = border(p.x + offset.x, frame_size().x);
    let y = border(p.y + offset.y, frame_size().y);
    if (x < 0 || y < 0) {
        return vec4f(0.0);
    }
    return prologue(vec2i(x, y));
}
fn epilogue(head: vec4f, p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = head;
    return r0;
}
fn store(p: vec2i, c: vec4f) {
    let value = c;
    textureStore(target_texture, p - region_origin(), value);
}
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

// next pass
@group(0) @binding(0) var<uniform> u: array<vec4f, 4>;
@group(0) @binding(1) var picture_0: texture_2d<f32>;
@group(0) @binding(2) var target_texture: texture_storage_2d<rgba32float, write>;
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
fn radius() -> i32 {
    return i32(u[3].x);
}
fn falloff() -> vec2f {
    return vec2f(u[3].y, u[3].z);
}
// The input of a pass at an offset from a pixel.
//
// Holes: `prologue(p)` the input, `border(i, n)` the policy, -1 where there is nothing.

fn neighbor(p: vec2i, offset: vec2i) -> vec4f {
    let x = border(p.x + offset.x, frame_size().x);
    let y = border(p.y + offset.y, frame_size().y);
    if (x < 0 || y < 0) {
        return vec4f(0.0);
    }
    return prologue(vec2i(x, y));
}
fn epilogue(head: vec4f, p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = head;
    return r0;
}
fn store(p: vec2i, c: vec4f) {
    let value = c;
    textureStore(target_texture, p - region_origin(), value);
}
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

// next pass
@group(0) @binding(0) var<uniform> u: array<vec4f, 8>;
@group(0) @binding(1) var picture_0: texture_2d<f32>;
@group(0) @binding(2) var target_texture: texture_storage_2d<rgba32float, write>;
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
fn luma_plane_4(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = c0.x * 0.2126f;
    let v13 = c0.y * 0.7152f;
    let v14 = v11 + v13;
    let v16 = c0.z * 0.0722f;
    let v17 = v14 + v16;
    let v19 = select(0.0f, v17, v9);
    return vec4f(v19, v19, v19, 1.0f);
}
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    r0 = luma_plane_4(r0, r0, r0, at, cell);
    return r0;
}
fn weight(k: i32) -> vec2f {
    return u[3 + k].xy;
}
fn radii() -> vec2i {
    return vec2i(u[3].zw);
}
const STEP: i32 = 1;
const REACH: i32 = 4;
const ROWS: i32 = 16;
fn settle(c: vec4f) -> vec4f {
    return c;
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
fn input_at(p: vec2i) -> vec4f {
    let q = vec2i(border(p.x, frame_size().x), border(p.y, frame_size().y));
    let inside = clamp(q, input_origin(), input_origin() + input_size() - 1);
    return select(prologue(inside), vec4f(0.0), q.x < 0 || q.y < 0);
}
fn epilogue(head: vec4f, p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = head;
    return r0;
}
fn store(p: vec2i, c: vec4f) {
    let value = c;
    textureStore(target_texture, p - region_origin(), value);
}
// Both axes of a separable symmetric convolution, through workgroup memory: rows are loaded a few at a time and
// convolved along x, and what that leaves is convolved down the columns. Taps are added from the center outwards, both
// sides at once, in the order of the CPU.
//
// Holes: `input_at(p)` the input, `weight(k)` the weights of offset k along x and y, `radii()` the reach along both;
// STEP how far apart neighboring results are in the input, REACH the largest radius, ROWS how many rows are loaded at a
// time; `settle(c)` the alpha of an opaque picture.

const SIDE: i32 = 15 * STEP + 1 + 2 * REACH;
var<workgroup> loaded: array<vec4f, SIDE * ROWS>;
var<workgroup> across: array<vec4f, 16 * SIDE>;

@compute @workgroup_size(16, 16)
fn main(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(workgroup_id) group: vec3u,
    @builtin(local_invocation_id) local: vec3u,
    @builtin(local_invocation_index) index: u32,
) {
    let corner = STEP * (vec2i(group.xy * 16u) + region_origin()) - REACH;
    let reach = radii();
    let end = SIDE - REACH + reach.y;
    for (var first = REACH - reach.y; first < end; first += ROWS) {
        for (var cell = i32(index); cell < SIDE * ROWS; cell += 256) {
            loaded[cell] = input_at(corner + vec2i(cell % SIDE, first + cell / SIDE));
        }
        workgroupBarrier();
        for (var cell = i32(index); cell < 16 * min(ROWS, end - first); cell += 256) {
            let center = cell / 16 * SIDE + STEP * (cell % 16) + REACH;
            var sum = weight(0).x * loaded[center];
            for (var k = 1; k <= reach.x; k++) {
                sum += weight(k).x * (loaded[center - k] + loaded[center + k]);
            }
            across[16 * first + cell] = sum;
        }
        workgroupBarrier();
    }
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    let center = 16 * (STEP * i32(local.y) + REACH) + i32(local.x);
    var sum = weight(0).y * across[center];
    for (var k = 1; k <= reach.y; k++) {
        sum += weight(k).y * (across[center - 16 * k] + across[center + 16 * k]);
    }
    store(p, epilogue(settle(sum), p));
}

// next pass
@group(0) @binding(0) var<uniform> u: array<vec4f, 11>;
@group(0) @binding(1) var picture_0: texture_2d<f32>;
@group(0) @binding(2) var picture_1: texture_2d<f32>;
@group(0) @binding(3) var target_texture: texture_storage_2d<rgba8unorm, write>;
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
fn load_1(p: vec2i) -> vec4f {
    return textureLoad(picture_1, p - vec2i(u[3].xy), 0);
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
fn luma_plane_4(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = c0.x * 0.2126f;
    let v13 = c0.y * 0.7152f;
    let v14 = v11 + v13;
    let v16 = c0.z * 0.0722f;
    let v17 = v14 + v16;
    let v19 = select(0.0f, v17, v9);
    return vec4f(v19, v19, v19, 1.0f);
}
fn lines_9(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v14 = c1.x * 0.98f;
    let v15 = c0.x - v14;
    let v17 = min(v15, 0.0f);
    let v18 = u[4].x * v17;
    let v19 = abs(v18);
    let v21 = min(v19, 10.0f);
    let v23 = v21 * -2.88539f;
    let v24 = bb_exp2(v23);
    let v26 = 1.0f - v24;
    let v27 = 1.0f + v24;
    let v28 = v26 / v27;
    let v29 = v18 < 0.0f;
    let v30 = -(v28);
    let v31 = select(v28, v30, v29);
    let v32 = v31 + 1.0f;
    return vec4f(v32, v32, v32, c0.w);
}
fn drawing_10(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v17 = abs(c0.x);
    let v19 = v17 + 0.055f;
    let v21 = v19 / 1.055f;
    let v23 = bb_pow(v21, 2.4f);
    let v25 = c0.x < 0.0f;
    let v26 = -(v23);
    let v27 = select(v23, v26, v25);
    let v29 = v17 <= 0.04045f;
    let v31 = c0.x / 12.92f;
    let v32 = select(v27, v31, v29);
    let v33 = abs(c0.y);
    let v34 = v33 + 0.055f;
    let v35 = v34 / 1.055f;
    let v36 = bb_pow(v35, 2.4f);
    let v37 = c0.y < 0.0f;
    let v38 = -(v36);
    let v39 = select(v36, v38, v37);
    let v40 = v33 <= 0.04045f;
    let v41 = c0.y / 12.92f;
    let v42 = select(v39, v41, v40);
    let v43 = abs(c0.z);
    let v44 = v43 + 0.055f;
    let v45 = v44 / 1.055f;
    let v46 = bb_pow(v45, 2.4f);
    let v47 = c0.z < 0.0f;
    let v48 = -(v46);
    let v49 = select(v46, v48, v47);
    let v50 = v43 <= 0.04045f;
    let v51 = c0.z / 12.92f;
    let v52 = select(v49, v51, v50);
    let v54 = v32 * 0.41222146f;
    let v56 = v42 * 0.53633255f;
    let v57 = v54 + v56;
    let v59 = v52 * 0.051445995f;
    let v60 = v57 + v59;
    let v61 = abs(v60);
    let v63 = bb_pow(v61, 0.33333334f);
    let v64 = v60 < 0.0f;
    let v65 = -(v63);
    let v66 = select(v63, v65, v64);
    let v68 = v32 * 0.2119035f;
    let v70 = v42 * 0.6806995f;
    let v71 = v68 + v70;
    let v73 = v52 * 0.10739696f;
    let v74 = v71 + v73;
    let v75 = abs(v74);
    let v76 = bb_pow(v75, 0.33333334f);
    let v77 = v74 < 0.0f;
    let v78 = -(v76);
    let v79 = select(v76, v78, v77);
    let v81 = v32 * 0.08830246f;
    let v83 = v42 * 0.28171885f;
    let v84 = v81 + v83;
    let v86 = v52 * 0.6299787f;
    let v87 = v84 + v86;
    let v88 = abs(v87);
    let v89 = bb_pow(v88, 0.33333334f);
    let v90 = v87 < 0.0f;
    let v91 = -(v89);
    let v92 = select(v89, v91, v90);
    let v94 = v66 * 0.21045426f;
    let v96 = v79 * 0.7936178f;
    let v97 = v94 + v96;
    let v99 = v92 * -0.004072047f;
    let v100 = v97 + v99;
    let v102 = v66 * 1.9779985f;
    let v104 = v79 * -2.4285922f;
    let v105 = v102 + v104;
    let v107 = v92 * 0.4505937f;
    let v108 = v105 + v107;
    let v110 = v66 * 0.025904037f;
    let v112 = v79 * 0.78277177f;
    let v113 = v110 + v112;
    let v115 = v92 * -0.80867577f;
    let v116 = v113 + v115;
    let v117 = max(v100, 0.0f);
    let v119 = min(v117, 0.99999905f);
    let v120 = v119 * u[4].y;
    let v121 = floor(v120);
    let v123 = v121 + 0.5f;
    let v124 = v123 * u[4].z;
    let v125 = v120 - v121;
    let v126 = v125 - 0.5f;
    let v127 = u[4].w * v126;
    let v128 = abs(v127);
    let v130 = min(v128, 10.0f);
    let v132 = v130 * -2.88539f;
    let v133 = bb_exp2(v132);
    let v135 = 1.0f - v133;
    let v136 = 1.0f + v133;
    let v137 = v135 / v136;
    let v138 = v127 < 0.0f;
    let v139 = -(v137);
    let v140 = select(v137, v139, v138);
    let v141 = u[5].x * v140;
    let v142 = v124 + v141;
    let v144 = v108 * 0.39633778f;
    let v145 = v142 + v144;
    let v147 = v116 * 0.21580376f;
    let v148 = v145 + v147;
    let v150 = v108 * 0.105561346f;
    let v151 = v142 - v150;
    let v153 = v116 * 0.06385417f;
    let v154 = v151 - v153;
    let v156 = v108 * 0.08948418f;
    let v157 = v142 - v156;
    let v159 = v116 * 1.2914855f;
    let v160 = v157 - v159;
    let v161 = v148 * v148;
    let v162 = v161 * v148;
    let v163 = v154 * v154;
    let v164 = v163 * v154;
    let v165 = v160 * v160;
    let v166 = v165 * v160;
    let v168 = v162 * 4.0767417f;
    let v170 = v164 * -3.3077116f;
    let v171 = v168 + v170;
    let v173 = v166 * 0.23096994f;
    let v174 = v171 + v173;
    let v176 = v162 * -1.268438f;
    let v178 = v164 * 2.6097574f;
    let v179 = v176 + v178;
    let v181 = v166 * -0.3413194f;
    let v182 = v179 + v181;
    let v184 = v162 * -0.0041960864f;
    let v186 = v164 * -0.7034186f;
    let v187 = v184 + v186;
    let v189 = v166 * 1.7076147f;
    let v190 = v187 + v189;
    let v191 = abs(v174);
    let v193 = bb_pow(v191, 0.41666666f);
    let v194 = v193 * 1.055f;
    let v195 = v194 - 0.055f;
    let v196 = v174 < 0.0f;
    let v197 = -(v195);
    let v198 = select(v195, v197, v196);
    let v200 = v191 <= 0.0031308f;
    let v201 = v174 * 12.92f;
    let v202 = select(v198, v201, v200);
    let v203 = abs(v182);
    let v204 = bb_pow(v203, 0.41666666f);
    let v205 = v204 * 1.055f;
    let v206 = v205 - 0.055f;
    let v207 = v182 < 0.0f;
    let v208 = -(v206);
    let v209 = select(v206, v208, v207);
    let v210 = v203 <= 0.0031308f;
    let v211 = v182 * 12.92f;
    let v212 = select(v209, v211, v210);
    let v213 = abs(v190);
    let v214 = bb_pow(v213, 0.41666666f);
    let v215 = v214 * 1.055f;
    let v216 = v215 - 0.055f;
    let v217 = v190 < 0.0f;
    let v218 = -(v216);
    let v219 = select(v216, v218, v217);
    let v220 = v213 <= 0.0031308f;
    let v221 = v190 * 12.92f;
    let v222 = select(v219, v221, v220);
    let v223 = c1.x - 1.0f;
    let v224 = u[5].y * v223;
    let v225 = v224 + 1.0f;
    let v226 = v202 * v225;
    let v227 = v212 * v225;
    let v228 = v222 * v225;
    return vec4f(v226, v227, v228, c0.w);
}
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    r0 = luma_plane_4(r0, r0, r0, at, cell);
    return r0;
}
fn weight(k: i32) -> vec2f {
    return u[6 + k].xy;
}
fn radii() -> vec2i {
    return vec2i(u[6].zw);
}
const STEP: i32 = 1;
const REACH: i32 = 4;
const ROWS: i32 = 16;
fn settle(c: vec4f) -> vec4f {
    return c;
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
fn input_at(p: vec2i) -> vec4f {
    let q = vec2i(border(p.x, frame_size().x), border(p.y, frame_size().y));
    let inside = clamp(q, input_origin(), input_origin() + input_size() - 1);
    return select(prologue(inside), vec4f(0.0), q.x < 0 || q.y < 0);
}
fn epilogue(head: vec4f, p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    var r1 = vec4f(0.0);
    r0 = load_1(p);
    r1 = head;
    r0 = lines_9(r0, r1, r0, at, cell);
    r1 = load_0(p);
    r1 = drawing_10(r1, r0, r1, at, cell);
    return r1;
}
fn store(p: vec2i, c: vec4f) {
    let value = floor(clamp(c, vec4f(0.0), vec4f(1.0)) * 255.0 + 0.5) / 255.0;
    textureStore(target_texture, p - region_origin(), select(vec4f(0.0), value, value.a != 0.0));
}
// Both axes of a separable symmetric convolution, through workgroup memory: rows are loaded a few at a time and
// convolved along x, and what that leaves is convolved down the columns. Taps are added from the center outwards, both
// sides at once, in the order of the CPU.
//
// Holes: `input_at(p)` the input, `weight(k)` the weights of offset k along x and y, `radii()` the reach along both;
// STEP how far apart neighboring results are in the input, REACH the largest radius, ROWS how many rows are loaded at a
// time; `settle(c)` the alpha of an opaque picture.

const SIDE: i32 = 15 * STEP + 1 + 2 * REACH;
var<workgroup> loaded: array<vec4f, SIDE * ROWS>;
var<workgroup> across: array<vec4f, 16 * SIDE>;

@compute @workgroup_size(16, 16)
fn main(
    @builtin(global_invocation_id) id: vec3u,
    @builtin(workgroup_id) group: vec3u,
    @builtin(local_invocation_id) local: vec3u,
    @builtin(local_invocation_index) index: u32,
) {
    let corner = STEP * (vec2i(group.xy * 16u) + region_origin()) - REACH;
    let reach = radii();
    let end = SIDE - REACH + reach.y;
    for (var first = REACH - reach.y; first < end; first += ROWS) {
        for (var cell = i32(index); cell < SIDE * ROWS; cell += 256) {
            loaded[cell] = input_at(corner + vec2i(cell % SIDE, first + cell / SIDE));
        }
        workgroupBarrier();
        for (var cell = i32(index); cell < 16 * min(ROWS, end - first); cell += 256) {
            let center = cell / 16 * SIDE + STEP * (cell % 16) + REACH;
            var sum = weight(0).x * loaded[center];
            for (var k = 1; k <= reach.x; k++) {
                sum += weight(k).x * (loaded[center - k] + loaded[center + k]);
            }
            across[16 * first + cell] = sum;
        }
        workgroupBarrier();
    }
    let p = vec2i(id.xy) + region_origin();
    if (id.x >= region_size().x || id.y >= region_size().y) {
        return;
    }
    let center = 16 * (STEP * i32(local.y) + REACH) + i32(local.x);
    var sum = weight(0).y * across[center];
    for (var k = 1; k <= reach.y; k++) {
        sum += weight(k).y * (across[center - 16 * k] + across[center + 16 * k]);
    }
    store(p, epilogue(settle(sum), p));
}
