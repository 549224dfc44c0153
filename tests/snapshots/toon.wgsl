@group(0) @binding(0) var<uniform> u: array<vec4f, 4>;
@group(0) @binding(1) var<storage, read> tables: array<f32>;
@group(0) @binding(2) var picture_0: texture_2d<f32>;
@group(0) @binding(3) var target_texture: texture_storage_2d<rgba32float, write>;
fn table(first: u32, last: u32, index: u32) -> f32 {
    return tables[first + min(index, last)];
}
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
fn neighbors() -> u32 {
    return u32(u[3].y);
}
fn falloff() -> f32 {
    return u[3].z;
}
fn offset_and_weight(k: u32) -> vec3f {
    return vec3f(table(0u, 4799u, 3u * k + 0u), table(0u, 4799u, 3u * k + 1u), table(0u, 4799u, 3u * k + 2u));
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

// next pass
@group(0) @binding(0) var<uniform> u: array<vec4f, 4>;
@group(0) @binding(1) var<storage, read> tables: array<f32>;
@group(0) @binding(2) var picture_0: texture_2d<f32>;
@group(0) @binding(3) var target_texture: texture_storage_2d<rgba32float, write>;
fn table(first: u32, last: u32, index: u32) -> f32 {
    return tables[first + min(index, last)];
}
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
fn neighbors() -> u32 {
    return u32(u[3].y);
}
fn falloff() -> f32 {
    return u[3].z;
}
fn offset_and_weight(k: u32) -> vec3f {
    return vec3f(table(4800u, 4799u, 3u * k + 0u), table(4800u, 4799u, 3u * k + 1u), table(4800u, 4799u, 3u * k + 2u));
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
    let v22 = bb_pow_12_5(v21);
    let v24 = c0.x < 0.0f;
    let v25 = -(v22);
    let v26 = select(v22, v25, v24);
    let v28 = v17 <= 0.04045f;
    let v30 = c0.x / 12.92f;
    let v31 = select(v26, v30, v28);
    let v32 = abs(c0.y);
    let v33 = v32 + 0.055f;
    let v34 = v33 / 1.055f;
    let v35 = bb_pow_12_5(v34);
    let v36 = c0.y < 0.0f;
    let v37 = -(v35);
    let v38 = select(v35, v37, v36);
    let v39 = v32 <= 0.04045f;
    let v40 = c0.y / 12.92f;
    let v41 = select(v38, v40, v39);
    let v42 = abs(c0.z);
    let v43 = v42 + 0.055f;
    let v44 = v43 / 1.055f;
    let v45 = bb_pow_12_5(v44);
    let v46 = c0.z < 0.0f;
    let v47 = -(v45);
    let v48 = select(v45, v47, v46);
    let v49 = v42 <= 0.04045f;
    let v50 = c0.z / 12.92f;
    let v51 = select(v48, v50, v49);
    let v53 = v31 * 0.41222146f;
    let v55 = v41 * 0.53633255f;
    let v56 = v53 + v55;
    let v58 = v51 * 0.051445995f;
    let v59 = v56 + v58;
    let v60 = abs(v59);
    let v62 = bb_pow(v60, 0.33333334f);
    let v63 = v59 < 0.0f;
    let v64 = -(v62);
    let v65 = select(v62, v64, v63);
    let v67 = v31 * 0.2119035f;
    let v69 = v41 * 0.6806995f;
    let v70 = v67 + v69;
    let v72 = v51 * 0.10739696f;
    let v73 = v70 + v72;
    let v74 = abs(v73);
    let v75 = bb_pow(v74, 0.33333334f);
    let v76 = v73 < 0.0f;
    let v77 = -(v75);
    let v78 = select(v75, v77, v76);
    let v80 = v31 * 0.08830246f;
    let v82 = v41 * 0.28171885f;
    let v83 = v80 + v82;
    let v85 = v51 * 0.6299787f;
    let v86 = v83 + v85;
    let v87 = abs(v86);
    let v88 = bb_pow(v87, 0.33333334f);
    let v89 = v86 < 0.0f;
    let v90 = -(v88);
    let v91 = select(v88, v90, v89);
    let v93 = v65 * 0.21045426f;
    let v95 = v78 * 0.7936178f;
    let v96 = v93 + v95;
    let v98 = v91 * -0.004072047f;
    let v99 = v96 + v98;
    let v101 = v65 * 1.9779985f;
    let v103 = v78 * -2.4285922f;
    let v104 = v101 + v103;
    let v106 = v91 * 0.4505937f;
    let v107 = v104 + v106;
    let v109 = v65 * 0.025904037f;
    let v111 = v78 * 0.78277177f;
    let v112 = v109 + v111;
    let v114 = v91 * -0.80867577f;
    let v115 = v112 + v114;
    let v116 = max(v99, 0.0f);
    let v118 = min(v116, 0.99999905f);
    let v119 = v118 * u[4].y;
    let v120 = floor(v119);
    let v122 = v120 + 0.5f;
    let v123 = v122 * u[4].z;
    let v124 = v119 - v120;
    let v125 = v124 - 0.5f;
    let v126 = u[4].w * v125;
    let v127 = abs(v126);
    let v129 = min(v127, 10.0f);
    let v131 = v129 * -2.88539f;
    let v132 = bb_exp2(v131);
    let v134 = 1.0f - v132;
    let v135 = 1.0f + v132;
    let v136 = v134 / v135;
    let v137 = v126 < 0.0f;
    let v138 = -(v136);
    let v139 = select(v136, v138, v137);
    let v140 = u[5].x * v139;
    let v141 = v123 + v140;
    let v143 = v107 * 0.39633778f;
    let v144 = v141 + v143;
    let v146 = v115 * 0.21580376f;
    let v147 = v144 + v146;
    let v149 = v107 * 0.105561346f;
    let v150 = v141 - v149;
    let v152 = v115 * 0.06385417f;
    let v153 = v150 - v152;
    let v155 = v107 * 0.08948418f;
    let v156 = v141 - v155;
    let v158 = v115 * 1.2914855f;
    let v159 = v156 - v158;
    let v160 = v147 * v147;
    let v161 = v160 * v147;
    let v162 = v153 * v153;
    let v163 = v162 * v153;
    let v164 = v159 * v159;
    let v165 = v164 * v159;
    let v167 = v161 * 4.0767417f;
    let v169 = v163 * -3.3077116f;
    let v170 = v167 + v169;
    let v172 = v165 * 0.23096994f;
    let v173 = v170 + v172;
    let v175 = v161 * -1.268438f;
    let v177 = v163 * 2.6097574f;
    let v178 = v175 + v177;
    let v180 = v165 * -0.3413194f;
    let v181 = v178 + v180;
    let v183 = v161 * -0.0041960864f;
    let v185 = v163 * -0.7034186f;
    let v186 = v183 + v185;
    let v188 = v165 * 1.7076147f;
    let v189 = v186 + v188;
    let v190 = abs(v173);
    let v191 = bb_pow_5_12(v190);
    let v192 = v191 * 1.055f;
    let v193 = v192 - 0.055f;
    let v194 = v173 < 0.0f;
    let v195 = -(v193);
    let v196 = select(v193, v195, v194);
    let v198 = v190 <= 0.0031308f;
    let v199 = v173 * 12.92f;
    let v200 = select(v196, v199, v198);
    let v201 = abs(v181);
    let v202 = bb_pow_5_12(v201);
    let v203 = v202 * 1.055f;
    let v204 = v203 - 0.055f;
    let v205 = v181 < 0.0f;
    let v206 = -(v204);
    let v207 = select(v204, v206, v205);
    let v208 = v201 <= 0.0031308f;
    let v209 = v181 * 12.92f;
    let v210 = select(v207, v209, v208);
    let v211 = abs(v189);
    let v212 = bb_pow_5_12(v211);
    let v213 = v212 * 1.055f;
    let v214 = v213 - 0.055f;
    let v215 = v189 < 0.0f;
    let v216 = -(v214);
    let v217 = select(v214, v216, v215);
    let v218 = v211 <= 0.0031308f;
    let v219 = v189 * 12.92f;
    let v220 = select(v217, v219, v218);
    let v221 = c1.x - 1.0f;
    let v222 = u[5].y * v221;
    let v223 = v222 + 1.0f;
    let v224 = v200 * v223;
    let v225 = v210 * v223;
    let v226 = v220 * v223;
    return vec4f(v224, v225, v226, c0.w);
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
