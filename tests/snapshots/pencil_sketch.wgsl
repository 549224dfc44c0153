@group(0) @binding(0) var<uniform> u: array<vec4f, 9>;
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
fn hide_1(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = select(0.0f, c0.x, v9);
    let v12 = select(0.0f, c0.y, v9);
    let v13 = select(0.0f, c0.z, v9);
    return vec4f(v11, v12, v13, c0.w);
}
fn luma_2(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = c0.x * 0.2126f;
    let v11 = c0.y * 0.7152f;
    let v12 = v9 + v11;
    let v14 = c0.z * 0.0722f;
    let v15 = v12 + v14;
    return vec4f(v15, v15, v15, 1.0f);
}
fn dodge_5(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v14 = c0.x * 0.2126f;
    let v16 = c0.y * 0.7152f;
    let v17 = v14 + v16;
    let v19 = c0.z * 0.0722f;
    let v20 = v17 + v19;
    let v22 = max(v20, 0.0f);
    let v24 = min(v22, 1.0f);
    let v25 = max(c1.x, 0.0f);
    let v26 = min(v25, 1.0f);
    let v27 = v26 <= 0.0f;
    let v28 = select(v26, 1.0f, v27);
    let v29 = v24 / v28;
    let v30 = min(v29, 1.0f);
    let v31 = v24 <= 0.0f;
    let v32 = select(v30, 1.0f, v27);
    let v33 = select(v32, 0.0f, v31);
    let v34 = bb_pow(v33, u[3].x);
    return vec4f(v34, v34, v34, c0.w);
}
fn prologue(p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    r0 = luma_2(r0, r0, r0, at, cell);
    return r0;
}
fn weight(k: i32) -> vec2f {
    return u[4 + k].xy;
}
fn radii() -> vec2i {
    return vec2i(u[4].zw);
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
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    r1 = head;
    r0 = dodge_5(r0, r1, r0, at, cell);
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
