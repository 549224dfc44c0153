// A result as screens blend it: color times alpha, rounded to codes, half up.

@group(0) @binding(0) var result: texture_2d<f32>;
@group(0) @binding(1) var target_texture: texture_storage_2d<rgba8unorm, write>;

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (any(id.xy >= textureDimensions(result))) {
        return;
    }
    let c = textureLoad(result, id.xy, 0);
    textureStore(target_texture, id.xy, vec4f(floor(c.rgb * c.a * 255.0 + 0.5) / 255.0, c.a));
}
