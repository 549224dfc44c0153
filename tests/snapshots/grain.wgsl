@group(0) @binding(0) var<uniform> u: array<vec4f, 6>;
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
fn hide_1(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v9 = 1e-6f < c0.w;
    let v11 = select(0.0f, c0.x, v9);
    let v12 = select(0.0f, c0.y, v9);
    let v13 = select(0.0f, c0.z, v9);
    return vec4f(v11, v12, v13, c0.w);
}
fn grain_2(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {
    let v18 = c0.x * 0.2126f;
    let v20 = c0.y * 0.7152f;
    let v21 = v18 + v20;
    let v23 = c0.z * 0.0722f;
    let v24 = v21 + v23;
    let v26 = max(v24, 0.0f);
    let v28 = min(v26, 1.0f);
    let v29 = 1.0f - v28;
    let v30 = v28 * v29;
    let v32 = v30 * 4.0f;
    let v33 = v32 - 1.0f;
    let v34 = v33 * u[3].z;
    let v35 = 1.0f + v34;
    let v36 = u[3].y * v35;
    let v37 = bitcast<u32>(i32(u[4].x));
    let v38 = v37 << 16u;
    let v39 = bitcast<u32>(i32(u[4].y));
    let v40 = v38 + v39;
    let v41 = f32(bitcast<i32>(cell.x));
    let v42 = v41 / u[3].w;
    let v43 = f32(bitcast<i32>(cell.y));
    let v44 = v43 / u[3].w;
    let v45 = floor(v42);
    let v46 = floor(v44);
    let v47 = v42 - v45;
    let v48 = v44 - v46;
    let v49 = bitcast<u32>(i32(v45));
    let v50 = bitcast<u32>(i32(v46));
    let v51 = 1.0f - v47;
    let v52 = 1.0f - v48;
    let v53 = v51 * v52;
    let v54 = v47 * v52;
    let v55 = v51 * v48;
    let v56 = v47 * v48;
    let v58 = v49 + 0u;
    let v59 = v50 + 0u;
    let v62 = v58 * 1664525u;
    let v63 = v62 + 1013904223u;
    let v64 = v59 * 1664525u;
    let v65 = v64 + 1013904223u;
    let v66 = v40 * 1664525u;
    let v67 = v66 + 1013904223u;
    let v68 = v65 * v67;
    let v69 = v63 + v68;
    let v70 = v67 * v69;
    let v71 = v65 + v70;
    let v72 = v69 * v71;
    let v73 = v67 + v72;
    let v74 = v69 >> 16u;
    let v75 = v69 ^ v74;
    let v76 = v71 >> 16u;
    let v77 = v71 ^ v76;
    let v78 = v73 >> 16u;
    let v79 = v73 ^ v78;
    let v80 = v77 * v79;
    let v81 = v75 + v80;
    let v82 = v79 * v81;
    let v83 = v77 + v82;
    let v84 = v81 * v83;
    let v85 = v79 + v84;
    let v87 = v81 & 255u;
    let v88 = 0u + v87;
    let v89 = v81 >> 8u;
    let v90 = v89 & 255u;
    let v91 = v88 + v90;
    let v92 = v81 >> 16u;
    let v93 = v92 & 255u;
    let v94 = v91 + v93;
    let v95 = v81 >> 24u;
    let v96 = v94 + v95;
    let v97 = v83 & 255u;
    let v98 = v96 + v97;
    let v99 = v83 >> 8u;
    let v100 = v99 & 255u;
    let v101 = v98 + v100;
    let v102 = v83 >> 16u;
    let v103 = v102 & 255u;
    let v104 = v101 + v103;
    let v105 = v83 >> 24u;
    let v106 = v104 + v105;
    let v107 = v85 & 255u;
    let v108 = v106 + v107;
    let v109 = v85 >> 8u;
    let v110 = v109 & 255u;
    let v111 = v108 + v110;
    let v112 = v85 >> 16u;
    let v113 = v112 & 255u;
    let v114 = v111 + v113;
    let v115 = v85 >> 24u;
    let v116 = v114 + v115;
    let v117 = f32(v116);
    let v119 = v117 - 1530.0f;
    let v121 = v119 * 0.00390628f;
    let v122 = v53 * v121;
    let v124 = v49 + 1u;
    let v125 = v124 * 1664525u;
    let v126 = v125 + 1013904223u;
    let v127 = v126 + v68;
    let v128 = v67 * v127;
    let v129 = v65 + v128;
    let v130 = v127 * v129;
    let v131 = v67 + v130;
    let v132 = v127 >> 16u;
    let v133 = v127 ^ v132;
    let v134 = v129 >> 16u;
    let v135 = v129 ^ v134;
    let v136 = v131 >> 16u;
    let v137 = v131 ^ v136;
    let v138 = v135 * v137;
    let v139 = v133 + v138;
    let v140 = v137 * v139;
    let v141 = v135 + v140;
    let v142 = v139 * v141;
    let v143 = v137 + v142;
    let v144 = v139 & 255u;
    let v145 = 0u + v144;
    let v146 = v139 >> 8u;
    let v147 = v146 & 255u;
    let v148 = v145 + v147;
    let v149 = v139 >> 16u;
    let v150 = v149 & 255u;
    let v151 = v148 + v150;
    let v152 = v139 >> 24u;
    let v153 = v151 + v152;
    let v154 = v141 & 255u;
    let v155 = v153 + v154;
    let v156 = v141 >> 8u;
    let v157 = v156 & 255u;
    let v158 = v155 + v157;
    let v159 = v141 >> 16u;
    let v160 = v159 & 255u;
    let v161 = v158 + v160;
    let v162 = v141 >> 24u;
    let v163 = v161 + v162;
    let v164 = v143 & 255u;
    let v165 = v163 + v164;
    let v166 = v143 >> 8u;
    let v167 = v166 & 255u;
    let v168 = v165 + v167;
    let v169 = v143 >> 16u;
    let v170 = v169 & 255u;
    let v171 = v168 + v170;
    let v172 = v143 >> 24u;
    let v173 = v171 + v172;
    let v174 = f32(v173);
    let v175 = v174 - 1530.0f;
    let v176 = v175 * 0.00390628f;
    let v177 = v54 * v176;
    let v178 = v122 + v177;
    let v179 = v50 + 1u;
    let v180 = v179 * 1664525u;
    let v181 = v180 + 1013904223u;
    let v182 = v181 * v67;
    let v183 = v63 + v182;
    let v184 = v67 * v183;
    let v185 = v181 + v184;
    let v186 = v183 * v185;
    let v187 = v67 + v186;
    let v188 = v183 >> 16u;
    let v189 = v183 ^ v188;
    let v190 = v185 >> 16u;
    let v191 = v185 ^ v190;
    let v192 = v187 >> 16u;
    let v193 = v187 ^ v192;
    let v194 = v191 * v193;
    let v195 = v189 + v194;
    let v196 = v193 * v195;
    let v197 = v191 + v196;
    let v198 = v195 * v197;
    let v199 = v193 + v198;
    let v200 = v195 & 255u;
    let v201 = 0u + v200;
    let v202 = v195 >> 8u;
    let v203 = v202 & 255u;
    let v204 = v201 + v203;
    let v205 = v195 >> 16u;
    let v206 = v205 & 255u;
    let v207 = v204 + v206;
    let v208 = v195 >> 24u;
    let v209 = v207 + v208;
    let v210 = v197 & 255u;
    let v211 = v209 + v210;
    let v212 = v197 >> 8u;
    let v213 = v212 & 255u;
    let v214 = v211 + v213;
    let v215 = v197 >> 16u;
    let v216 = v215 & 255u;
    let v217 = v214 + v216;
    let v218 = v197 >> 24u;
    let v219 = v217 + v218;
    let v220 = v199 & 255u;
    let v221 = v219 + v220;
    let v222 = v199 >> 8u;
    let v223 = v222 & 255u;
    let v224 = v221 + v223;
    let v225 = v199 >> 16u;
    let v226 = v225 & 255u;
    let v227 = v224 + v226;
    let v228 = v199 >> 24u;
    let v229 = v227 + v228;
    let v230 = f32(v229);
    let v231 = v230 - 1530.0f;
    let v232 = v231 * 0.00390628f;
    let v233 = v55 * v232;
    let v234 = v178 + v233;
    let v235 = v126 + v182;
    let v236 = v67 * v235;
    let v237 = v181 + v236;
    let v238 = v235 * v237;
    let v239 = v67 + v238;
    let v240 = v235 >> 16u;
    let v241 = v235 ^ v240;
    let v242 = v237 >> 16u;
    let v243 = v237 ^ v242;
    let v244 = v239 >> 16u;
    let v245 = v239 ^ v244;
    let v246 = v243 * v245;
    let v247 = v241 + v246;
    let v248 = v245 * v247;
    let v249 = v243 + v248;
    let v250 = v247 * v249;
    let v251 = v245 + v250;
    let v252 = v247 & 255u;
    let v253 = 0u + v252;
    let v254 = v247 >> 8u;
    let v255 = v254 & 255u;
    let v256 = v253 + v255;
    let v257 = v247 >> 16u;
    let v258 = v257 & 255u;
    let v259 = v256 + v258;
    let v260 = v247 >> 24u;
    let v261 = v259 + v260;
    let v262 = v249 & 255u;
    let v263 = v261 + v262;
    let v264 = v249 >> 8u;
    let v265 = v264 & 255u;
    let v266 = v263 + v265;
    let v267 = v249 >> 16u;
    let v268 = v267 & 255u;
    let v269 = v266 + v268;
    let v270 = v249 >> 24u;
    let v271 = v269 + v270;
    let v272 = v251 & 255u;
    let v273 = v271 + v272;
    let v274 = v251 >> 8u;
    let v275 = v274 & 255u;
    let v276 = v273 + v275;
    let v277 = v251 >> 16u;
    let v278 = v277 & 255u;
    let v279 = v276 + v278;
    let v280 = v251 >> 24u;
    let v281 = v279 + v280;
    let v282 = f32(v281);
    let v283 = v282 - 1530.0f;
    let v284 = v283 * 0.00390628f;
    let v285 = v56 * v284;
    let v286 = v234 + v285;
    let v287 = v53 * v53;
    let v288 = v54 * v54;
    let v289 = v287 + v288;
    let v290 = v55 * v55;
    let v291 = v289 + v290;
    let v292 = v56 * v56;
    let v293 = v291 + v292;
    let v294 = sqrt(v293);
    let v295 = v286 / v294;
    let v296 = v36 * v295;
    let v297 = c0.x + v296;
    let v298 = c0.y + v296;
    let v299 = c0.z + v296;
    return vec4f(v297, v298, v299, c0.w);
}
fn epilogue(head: vec4f, p: vec2i) -> vec4f {
    let at = position(p);
    let cell = cell_of_pixel(p);
    var r0 = vec4f(0.0);
    r0 = load_0(p);
    r0 = hide_1(r0, r0, r0, at, cell);
    if (u[3].x != 0.0) { r0 = grain_2(r0, r0, r0, at, cell); }
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
