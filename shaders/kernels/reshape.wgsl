// Pixels moved to another grid as they are: a cut, or quarter turns.

struct Move {
    base: vec2i,
    across: vec2i,
    down: vec2i,
}

@group(0) @binding(0) var<uniform> way: Move;
@group(0) @binding(1) var source: texture_2d<f32>;
@group(0) @binding(2) var result: texture_storage_2d<TEXEL, write>;

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (any(id.xy >= textureDimensions(result))) {
        return;
    }
    let at = way.base + i32(id.x) * way.across + i32(id.y) * way.down;
    textureStore(result, id.xy, textureLoad(source, at, 0));
}
