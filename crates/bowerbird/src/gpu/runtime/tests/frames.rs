//! What a frame does, checked by value.

use super::*;

/// n/256 as the bytes of one channel, exactly; `Rgba8Unorm` takes n as it is.
fn channel(format: TexelFormat, n: u16) -> Vec<u8> {
    match format {
        TexelFormat::Rgba8Unorm => vec![u8::try_from(n).unwrap()],
        TexelFormat::Rgba32Float => (f32::from(n) / 256.0).to_le_bytes().to_vec(),
        TexelFormat::Rgba16Float => {
            let exponent = n.checked_ilog2().and_then(|log| u16::try_from(log).ok());
            let bits = exponent.map_or(0, |log| ((log + 7) << 10) | ((n << (10 - log)) & 0x3ff));
            bits.to_le_bytes().to_vec()
        }
    }
}

#[test]
fn inverts_every_format_at_odd_sizes() {
    let Some(gpu) = open() else { return };
    for format in TexelFormat::ALL {
        let top = if format == TexelFormat::Rgba8Unorm { 255 } else { 256 };
        for size in [(37, 19), (1, 1), (64, 3), (65, 2)] {
            let count = u16::try_from(size.0 * size.1 * 4).unwrap();
            let values = || (0..count).map(|at| (at * 7) % (top + 1));
            let texels: Vec<u8> = values().flat_map(|n| channel(format, n)).collect();
            let expected: Vec<u8> = values().flat_map(|n| channel(format, top - n)).collect();
            let out = Inverter::new(&gpu, size, format).run(&gpu, &texels);
            let close = |(a, b): (&u8, &u8)| a.abs_diff(*b) <= u8::from(format == TexelFormat::Rgba8Unorm);
            assert!(out.iter().zip(&expected).all(close), "{format:?} {size:?}");
            assert_eq!(out.len(), expected.len());
        }
    }
}

#[test]
fn rows_may_lie_apart_in_the_source() {
    let Some(gpu) = open() else { return };
    let inverter = Inverter::new(&gpu, (3, 2), TexelFormat::Rgba8Unorm);
    // Two rows of 12 bytes, 20 apart, the last without its padding.
    let spread: Vec<u8> = (0..32).collect();
    gpu.write_texture(&inverter.source, &spread, 20).unwrap();
    let mut out = [0; 24];
    inverter.submit(&gpu, false).unwrap().read_texture_into(&inverter.back, &mut out).unwrap();
    let expected: Vec<u8> = (0..12).chain(20..32).map(|n: u8| 255 - n).collect();
    assert!(out.iter().zip(&expected).all(|(a, b)| a.abs_diff(*b) <= 1), "{out:?}");
}

const SCALE: &str = "
    @group(0) @binding(0) var<uniform> factor: vec4f;
    @group(0) @binding(1) var<storage, read> input: array<f32>;
    @group(0) @binding(2) var<storage, read_write> output: array<f32>;
    @compute @workgroup_size(64)
    fn main(@builtin(global_invocation_id) id: vec3u) {
        if id.x < arrayLength(&input) { output[id.x] = input[id.x] * factor.x; }
    }";
const SCALE_BINDINGS: &[BindingKind] = &[BindingKind::Uniform, BindingKind::StorageRead, BindingKind::StorageReadWrite];

#[test]
fn buffers_carry_numbers_through_dispatches_and_copies() {
    let Some(gpu) = open() else { return };
    let pipeline = compile(&gpu, "scale", SCALE, SCALE_BINDINGS).unwrap();
    let factor = gpu.buffer(16, BufferKind::Uniform, "factor").unwrap();
    let [input, middle, output] =
        ["input", "middle", "output"].map(|l| gpu.buffer(40, BufferKind::Storage, l).unwrap());
    let back = gpu.buffer(40, BufferKind::ReadBack, "back").unwrap();
    let bind = |a, b| {
        gpu.bind(&pipeline, &[Binding::Buffer(&factor), Binding::Buffer(a), Binding::Buffer(b)], "scale").unwrap()
    };
    let (first, second) = (bind(&input, &middle), bind(&middle, &output));
    let numbers: [f32; 10] = std::array::from_fn(|n| f32::from(u8::try_from(n).unwrap()));
    gpu.write_buffer(&factor, 0, bytemuck::bytes_of(&[9.0_f32, 0.0, 0.0, 0.0])).unwrap();
    gpu.write_buffer(&input, 0, bytemuck::bytes_of(&numbers)).unwrap();
    // A later write wins, also over part of an earlier one.
    gpu.write_buffer(&factor, 0, bytemuck::bytes_of(&3.0_f32)).unwrap();
    gpu.write_buffer(&input, 36, bytemuck::bytes_of(&100.0_f32)).unwrap();
    let run = |bind, label| Dispatch { pipeline: &pipeline, bind, groups: [1, 1, 1], label };
    let copy = Transfer::CopyBuffer { from: &output, into: &back };
    let submission = gpu.submit(&[run(&first, "one"), run(&second, "two")], &[copy], false).unwrap();
    let got: Vec<f32> = submission.read(&back, bytemuck::pod_collect_to_vec).unwrap();
    let mut expected = numbers.map(|n| n * 9.0);
    expected[9] = 900.0;
    assert_eq!(got, expected);
}

#[test]
fn a_storage_buffer_serves_as_a_uniform() {
    let Some(gpu) = open() else { return };
    let pipeline = compile(&gpu, "scale", SCALE, SCALE_BINDINGS).unwrap();
    let [factor, input, output] =
        ["factor", "input", "output"].map(|l| gpu.buffer(16, BufferKind::Storage, l).unwrap());
    let back = gpu.buffer(16, BufferKind::ReadBack, "back").unwrap();
    for buffer in [&factor, &input] {
        gpu.write_buffer(buffer, 0, bytemuck::bytes_of(&[2.0_f32, 3.0, 4.0, 5.0])).unwrap();
    }
    let bindings = [&factor, &input, &output].map(Binding::Buffer);
    let bind = gpu.bind(&pipeline, &bindings, "scale").unwrap();
    let dispatch = Dispatch { pipeline: &pipeline, bind: &bind, groups: [1, 1, 1], label: "scale" };
    let submission = gpu.submit(&[dispatch], &[Transfer::CopyBuffer { from: &output, into: &back }], false).unwrap();
    let got: Vec<f32> = submission.read(&back, bytemuck::pod_collect_to_vec).unwrap();
    assert_eq!(got, [4.0, 6.0, 8.0, 10.0]);
}

#[test]
fn a_write_up_to_the_end_may_have_any_length() {
    let Some(gpu) = open() else { return };
    let data = gpu.buffer(7, BufferKind::Storage, "seven").unwrap();
    gpu.write_buffer(&data, 0, b"bowerbi").unwrap();
    assert!(matches!(gpu.write_buffer(&data, 0, b"bow"), Err(GpuError::Usage { .. })));
    assert!(matches!(gpu.write_buffer(&data, 4, b"erbird"), Err(GpuError::Usage { .. })));
    let copy = gpu.buffer(8, BufferKind::Storage, "eight").unwrap();
    let back = gpu.buffer(8, BufferKind::ReadBack, "back").unwrap();
    gpu.write_buffer(&copy, 0, b"copied!!").unwrap();
    let submission = gpu.submit(&[], &[Transfer::CopyBuffer { from: &copy, into: &back }], false).unwrap();
    assert_eq!(submission.read(&back, <[u8]>::to_vec).unwrap(), b"copied!!");
}

#[test]
fn textures_are_copied_on_the_device() {
    let Some(gpu) = open() else { return };
    let [from, into] = ["from", "into"].map(|l| gpu.texture(5, 4, TexelFormat::Rgba8Unorm, l).unwrap());
    let back = gpu.read_back_for(&into, "back").unwrap();
    let texels: Vec<u8> = (0..80).collect();
    gpu.write_texture(&from, &texels, 20).unwrap();
    let transfers =
        [Transfer::CopyTexture { from: &from, into: &into }, Transfer::ReadTexture { from: &into, into: &back }];
    let submission = gpu.submit(&[], &transfers, false).unwrap();
    let mut out = vec![0; 80];
    submission.read_texture_into(&back, &mut out).unwrap();
    assert_eq!(out, texels);
}

#[test]
fn timings_are_one_a_pass_or_none() {
    let Some(gpu) = open() else { return };
    let inverter = Inverter::new(&gpu, (64, 64), TexelFormat::Rgba8Unorm);
    gpu.write_texture(&inverter.source, &[0; 64 * 64 * 4], 256).unwrap();
    let submission = inverter.submit(&gpu, true).unwrap();
    let timings = submission.timings();
    assert_eq!(timings.is_some(), gpu.report().timestamps);
    if let Some(timings) = timings {
        println!("{timings:?} ms");
        assert_eq!(timings.len(), 1);
        assert!(timings[0] >= 0.0 && timings[0] < 10_000.0);
    }
    drop(submission);
    assert_eq!(inverter.submit(&gpu, false).unwrap().timings(), None);
}
