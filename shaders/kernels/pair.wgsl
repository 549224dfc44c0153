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
