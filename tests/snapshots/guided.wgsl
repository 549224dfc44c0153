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
fn term_2(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v13 = c0.x - 0.5f;
    let v14 = v13 * c0.w;
    let v15 = c0.y - 0.5f;
    let v16 = v15 * c0.w;
    let v17 = c0.z - 0.5f;
    let v18 = v17 * c0.w;
    return vec4f(v14, v16, v18, c0.w);
}
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    var r1 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    r1 = r0;
    r1 = term_2(r1, r0, r1, at, cell);
    return r1;
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
fn term_6(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v13 = c1.x * 0.2126f;
    let v15 = c1.y * 0.7152f;
    let v16 = v13 + v15;
    let v18 = c1.z * 0.0722f;
    let v19 = v16 + v18;
    let v21 = v19 - 0.5f;
    let v22 = c0.x - 0.5f;
    let v23 = v22 * v21;
    let v24 = v23 * c0.w;
    let v25 = c0.y - 0.5f;
    let v26 = v25 * v21;
    let v27 = v26 * c0.w;
    let v28 = c0.z - 0.5f;
    let v29 = v28 * v21;
    let v30 = v29 * c0.w;
    return vec4f(v24, v27, v30, c0.w);
}
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    var r1 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    r1 = r0;
    r1 = term_6(r1, r0, r1, at, cell);
    return r1;
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
fn term_10(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v13 = c1.x * 0.2126f;
    let v15 = c1.y * 0.7152f;
    let v16 = v13 + v15;
    let v18 = c1.z * 0.0722f;
    let v19 = v16 + v18;
    let v21 = v19 - 0.5f;
    let v22 = v21 * c0.w;
    let v23 = v21 * v21;
    let v24 = v23 * c0.w;
    return vec4f(v22, v24, 0.0f, c0.w);
}
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    var r1 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    r1 = r0;
    r1 = term_10(r1, r0, r1, at, cell);
    return r1;
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
@group(0) @binding(0) var<uniform> u: array<vec4f, 12>;
@group(0) @binding(1) var picture_0: texture_2d<f32>;
@group(0) @binding(2) var picture_1: texture_2d<f32>;
@group(0) @binding(3) var picture_2: texture_2d<f32>;
@group(0) @binding(4) var picture_3: texture_2d<f32>;
@group(0) @binding(5) var target_texture: texture_storage_2d<rgba32float, write>;
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
fn load_2(p: vec2i) -> vec4f {
    return textureLoad(picture_2, p - vec2i(u[4].xy), 0);
}
fn load_3(p: vec2i) -> vec4f {
    return textureLoad(picture_3, p - vec2i(u[5].xy), 0);
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
fn normalize_5(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = select(1.0f, c0.w, v9);
    let v12 = c0.x / v11;
    let v14 = select(-0.5f, v12, v9);
    let v15 = c0.y / v11;
    let v16 = select(-0.5f, v15, v9);
    let v17 = c0.z / v11;
    let v18 = select(-0.5f, v17, v9);
    return vec4f(v14, v16, v18, c0.w);
}
fn normalize_9(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = select(1.0f, c0.w, v9);
    let v12 = c0.x / v11;
    let v14 = select(0.25f, v12, v9);
    let v15 = c0.y / v11;
    let v16 = select(0.25f, v15, v9);
    let v17 = c0.z / v11;
    let v18 = select(0.25f, v17, v9);
    return vec4f(v14, v16, v18, c0.w);
}
fn guide_of_13(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v10 = 1e-6f < c0.w;
    let v12 = select(1.0f, c0.w, v10);
    let v13 = c0.x / v12;
    let v15 = select(-0.5f, v13, v10);
    let v16 = c0.y / v12;
    let v17 = v15 * v15;
    let v18 = select(v17, v16, v10);
    let v19 = v18 - v17;
    let v21 = max(v19, 0.0f);
    let v22 = v21 + u[6].x;
    let v23 = 1.0f / v22;
    return vec4f(v15, v23, 0.0f, c0.w);
}
fn term_14(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v12 = c0.x * c1.x;
    let v13 = c0.y * c1.x;
    let v14 = c0.z * c1.x;
    return vec4f(v12, v13, v14, c0.w);
}
fn term_15(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v12 = c0.x - c1.x;
    let v13 = c0.y - c1.y;
    let v14 = c0.z - c1.z;
    return vec4f(v12, v13, v14, c0.w);
}
fn term_16(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v12 = c0.x * c1.y;
    let v13 = c0.y * c1.y;
    let v14 = c0.z * c1.y;
    return vec4f(v12, v13, v14, c0.w);
}
fn term_19(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v12 = c0.x * c1.w;
    let v13 = c0.y * c1.w;
    let v14 = c0.z * c1.w;
    return vec4f(v12, v13, v14, c1.w);
}
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    var r1 = vec4f(0.0);
    var r2 = vec4f(0.0);
    var r3 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    r1 = load_1(p);
    r1 = normalize_5(r1, r1, r1, at, cell);
    r2 = load_2(p);
    r2 = normalize_9(r2, r2, r2, at, cell);
    r3 = load_3(p);
    r3 = guide_of_13(r3, r3, r3, at, cell);
    r1 = term_14(r1, r3, r1, at, cell);
    r2 = term_15(r2, r1, r2, at, cell);
    r2 = term_16(r2, r3, r2, at, cell);
    r2 = term_19(r2, r0, r2, at, cell);
    return r2;
}
fn weight(k: i32) -> vec2f {
    return u[7 + k].xy;
}
fn radii() -> vec2i {
    return vec2i(u[7].zw);
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
@group(0) @binding(0) var<uniform> u: array<vec4f, 13>;
@group(0) @binding(1) var picture_0: texture_2d<f32>;
@group(0) @binding(2) var picture_1: texture_2d<f32>;
@group(0) @binding(3) var picture_2: texture_2d<f32>;
@group(0) @binding(4) var picture_3: texture_2d<f32>;
@group(0) @binding(5) var picture_4: texture_2d<f32>;
@group(0) @binding(6) var target_texture: texture_storage_2d<rgba8unorm, write>;
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
fn load_2(p: vec2i) -> vec4f {
    return textureLoad(picture_2, p - vec2i(u[4].xy), 0);
}
fn load_3(p: vec2i) -> vec4f {
    return textureLoad(picture_3, p - vec2i(u[5].xy), 0);
}
fn load_4(p: vec2i) -> vec4f {
    return textureLoad(picture_4, p - vec2i(u[6].xy), 0);
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
fn normalize_5(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = select(1.0f, c0.w, v9);
    let v12 = c0.x / v11;
    let v14 = select(-0.5f, v12, v9);
    let v15 = c0.y / v11;
    let v16 = select(-0.5f, v15, v9);
    let v17 = c0.z / v11;
    let v18 = select(-0.5f, v17, v9);
    return vec4f(v14, v16, v18, c0.w);
}
fn normalize_9(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = select(1.0f, c0.w, v9);
    let v12 = c0.x / v11;
    let v14 = select(0.25f, v12, v9);
    let v15 = c0.y / v11;
    let v16 = select(0.25f, v15, v9);
    let v17 = c0.z / v11;
    let v18 = select(0.25f, v17, v9);
    return vec4f(v14, v16, v18, c0.w);
}
fn guide_of_13(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v10 = 1e-6f < c0.w;
    let v12 = select(1.0f, c0.w, v10);
    let v13 = c0.x / v12;
    let v15 = select(-0.5f, v13, v10);
    let v16 = c0.y / v12;
    let v17 = v15 * v15;
    let v18 = select(v17, v16, v10);
    let v19 = v18 - v17;
    let v21 = max(v19, 0.0f);
    let v22 = v21 + u[7].x;
    let v23 = 1.0f / v22;
    return vec4f(v15, v23, 0.0f, c0.w);
}
fn term_14(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v12 = c0.x * c1.x;
    let v13 = c0.y * c1.x;
    let v14 = c0.z * c1.x;
    return vec4f(v12, v13, v14, c0.w);
}
fn term_15(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v12 = c0.x - c1.x;
    let v13 = c0.y - c1.y;
    let v14 = c0.z - c1.z;
    return vec4f(v12, v13, v14, c0.w);
}
fn term_16(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v12 = c0.x * c1.y;
    let v13 = c0.y * c1.y;
    let v14 = c0.z * c1.y;
    return vec4f(v12, v13, v14, c0.w);
}
fn term_17(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v12 = c0.x * c1.x;
    let v13 = c0.y * c1.x;
    let v14 = c0.z * c1.x;
    return vec4f(v12, v13, v14, c0.w);
}
fn term_18(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v12 = c0.x - c1.x;
    let v13 = c0.y - c1.y;
    let v14 = c0.z - c1.z;
    return vec4f(v12, v13, v14, c0.w);
}
fn normalize_22(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = select(1.0f, c0.w, v9);
    let v12 = c0.x / v11;
    let v14 = select(0.0f, v12, v9);
    let v15 = c0.y / v11;
    let v16 = select(0.0f, v15, v9);
    let v17 = c0.z / v11;
    let v18 = select(0.0f, v17, v9);
    return vec4f(v14, v16, v18, c0.w);
}
fn term_23(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v12 = c0.x * c1.w;
    let v13 = c0.y * c1.w;
    let v14 = c0.z * c1.w;
    return vec4f(v12, v13, v14, c1.w);
}
fn normalize_26(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = select(1.0f, c0.w, v9);
    let v12 = c0.x / v11;
    let v14 = select(-0.5f, v12, v9);
    let v15 = c0.y / v11;
    let v16 = select(-0.5f, v15, v9);
    let v17 = c0.z / v11;
    let v18 = select(-0.5f, v17, v9);
    return vec4f(v14, v16, v18, c0.w);
}
fn term_27(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v13 = c1.x * 0.2126f;
    let v15 = c1.y * 0.7152f;
    let v16 = v13 + v15;
    let v18 = c1.z * 0.0722f;
    let v19 = v16 + v18;
    let v21 = v19 - 0.5f;
    let v22 = c0.x * v21;
    let v23 = c0.y * v21;
    let v24 = c0.z * v21;
    return vec4f(v22, v23, v24, c0.w);
}
fn term_28(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v12 = c0.x + c1.x;
    let v13 = c0.y + c1.y;
    let v14 = c0.z + c1.z;
    return vec4f(v12, v13, v14, c0.w);
}
fn term_29(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v13 = 1e-6f < c0.w;
    let v15 = c1.x + 0.5f;
    let v17 = select(0.0f, v15, v13);
    let v18 = c1.y + 0.5f;
    let v19 = select(0.0f, v18, v13);
    let v20 = c1.z + 0.5f;
    let v21 = select(0.0f, v20, v13);
    return vec4f(v17, v19, v21, c0.w);
}
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    var r1 = vec4f(0.0);
    var r2 = vec4f(0.0);
    var r3 = vec4f(0.0);
    var r4 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    r1 = load_1(p);
    r1 = normalize_5(r1, r1, r1, at, cell);
    r2 = load_2(p);
    r2 = normalize_9(r2, r2, r2, at, cell);
    r3 = load_3(p);
    r3 = guide_of_13(r3, r3, r3, at, cell);
    r4 = r1;
    r4 = term_14(r4, r3, r4, at, cell);
    r2 = term_15(r2, r4, r2, at, cell);
    r2 = term_16(r2, r3, r2, at, cell);
    r2 = term_17(r2, r3, r2, at, cell);
    r1 = term_18(r1, r2, r1, at, cell);
    r1 = term_23(r1, r0, r1, at, cell);
    return r1;
}
fn weight(k: i32) -> vec2f {
    return u[8 + k].xy;
}
fn radii() -> vec2i {
    return vec2i(u[8].zw);
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
    var r2 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    r1 = load_4(p);
    r1 = normalize_22(r1, r1, r1, at, cell);
    r2 = head;
    r2 = normalize_26(r2, r2, r2, at, cell);
    r1 = term_27(r1, r0, r1, at, cell);
    r1 = term_28(r1, r2, r1, at, cell);
    if (u[7].y != 0.0) { r0 = term_29(r0, r1, r0, at, cell); }
    return r0;
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
