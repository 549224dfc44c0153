@group(0) @binding(0) var<uniform> u: array<vec4f, 5>;
@group(0) @binding(1) var picture_0: texture_2d<f32>;
@group(0) @binding(2) var picture_1: texture_2d<f32>;
@group(0) @binding(3) var target_texture: texture_storage_2d<rgba32float, write>;
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
fn choose_5(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v14 = 0.0f < u[4].x;
    let v15 = select(c1.w, c0.w, v14);
    let v16 = select(c1.x, c0.x, v14);
    let v17 = select(c1.y, c0.y, v14);
    let v18 = select(c1.z, c0.z, v14);
    return vec4f(v16, v17, v18, v15);
}
fn epilogue(head: vec4f, p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    var r1 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    r0 = decode_2(r0, r0, r0, at, cell);
    r0 = premultiply_3(r0, r0, r0, at, cell);
    r1 = load_1(p);
    r0 = choose_5(r0, r1, r0, at, cell);
    return r0;
}
fn store(p: vec2i, c: vec4f) {
    let value = c;
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
@group(0) @binding(0) var<uniform> u: array<vec4f, 7>;
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
fn hand_on_6(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v23 = c0.x * u[3].y;
    let v24 = c0.y * u[3].z;
    let v25 = v23 + v24;
    let v26 = c0.z * u[3].w;
    let v27 = v25 + v26;
    let v28 = v27 + u[4].y;
    let v29 = c0.x * u[4].z;
    let v30 = c0.y * u[4].w;
    let v31 = v29 + v30;
    let v32 = c0.z * u[5].x;
    let v33 = v31 + v32;
    let v34 = v33 + u[5].z;
    let v35 = c0.x * u[5].w;
    let v36 = c0.y * u[6].x;
    let v37 = v35 + v36;
    let v38 = c0.z * u[6].y;
    let v39 = v37 + v38;
    let v40 = v39 + u[6].w;
    return vec4f(v28, v34, v40, c0.w);
}
fn unpremultiply_7(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
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
fn encode_8(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
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
fn epilogue(head: vec4f, p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    if (u[3].x != 0.0) { r0 = hand_on_6(r0, r0, r0, at, cell); }
    r0 = unpremultiply_7(r0, r0, r0, at, cell);
    r0 = encode_8(r0, r0, r0, at, cell);
    return r0;
}
fn store(p: vec2i, c: vec4f) {
    let value = floor(clamp(c, vec4f(0.0), vec4f(1.0)) * 255.0 + 0.5) / 255.0;
    textureStore(target_texture, p - region_origin(), select(vec4f(0.0), value, value.a != 0.0));
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
