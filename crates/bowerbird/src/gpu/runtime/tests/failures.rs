//! Everything that goes wrong comes back as an error with a name.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// How many moments within a frame a device is destroyed at.
const ROUNDS: usize = 100;

#[test]
fn a_bad_shader_is_an_error_that_names_its_label() {
    let Some(gpu) = open() else { return };
    let store = "@group(0) @binding(0) var<storage, read_write> data: array<f32>;";
    let main = "@compute @workgroup_size(1) fn main() { data[0] = 1.0; }";
    let cases = [
        ("syntax", "fn main( {".to_owned(), "expected"),
        ("type", format!("{store} @compute @workgroup_size(1) fn main() {{ data[0] = vec2f(1.0); }}"), "data[0]"),
        ("entry", format!("{store} @compute @workgroup_size(1) fn other() {{ data[0] = 1.0; }}"), "entry point"),
        ("binding", format!("@group(0) @binding(1) {} {main}", store.trim_start_matches("@group(0) @binding(0)")), "1"),
        ("workgroup", format!("{store} @compute @workgroup_size(4096) fn main() {{ data[0] = 1.0; }}"), "4096"),
    ];
    for (label, wgsl, hint) in cases {
        let error = compile(&gpu, label, &wgsl, &[BindingKind::StorageReadWrite]).unwrap_err();
        println!("{error}\n");
        let GpuError::Shader { label: named, message } = &error else { panic!("{error}") };
        assert_eq!(named, label);
        assert!(message.contains(hint), "{message}");
    }
    let again = compile(&gpu, "another name", "fn main( {", &[BindingKind::StorageReadWrite]).unwrap_err();
    assert!(matches!(again, GpuError::Shader { label, .. } if label == "another name"));
    assert!(compile(&gpu, "good", &format!("{store} {main}"), &[BindingKind::StorageReadWrite]).is_ok());
    assert!(gpu.faults().is_empty(), "{:?}", gpu.faults());
}

#[test]
fn deep_nesting_is_an_error_and_no_stack_overflow() {
    let Some(gpu) = open() else { return };
    let deep =
        format!("@compute @workgroup_size(1) fn main() {{ let x = {}1.0{}; }}", "(".repeat(20_000), ")".repeat(20_000));
    assert!(matches!(compile(&gpu, "deep", &deep, &[]), Err(GpuError::Shader { .. })));
}

#[test]
fn wrong_bindings_are_refused_before_wgpu_sees_them() {
    let Some(gpu) = open() else { return };
    let pipeline = inverter(&gpu, TexelFormat::Rgba8Unorm);
    let [a, b] = ["a", "b"].map(|label| gpu.texture(4, 4, TexelFormat::Rgba8Unorm, label).unwrap());
    let half = gpu.texture(4, 4, TexelFormat::Rgba16Float, "half").unwrap();
    let buffer = gpu.buffer(16, BufferKind::Storage, "bytes").unwrap();
    let (a_, b_, half, buffer) =
        (Binding::Texture(&a), Binding::Texture(&b), Binding::Texture(&half), Binding::Buffer(&buffer));
    for (given, hint) in [
        (vec![a_], "2 bindings and got 1"),
        (vec![buffer, b_], "binding 0 (`bytes`)"),
        (vec![a_, half], "Rgba16Float"),
        (vec![a_, a_], "bound twice"),
    ] {
        let error = gpu.bind(&pipeline, &given, "group").unwrap_err();
        assert!(
            matches!(&error, GpuError::Binding { label, message } if label == "group" && message.contains(hint)),
            "{error}"
        );
    }
    assert!(gpu.bind(&pipeline, &[a_, b_], "group").is_ok());
    let other = open().unwrap();
    let foreign = other.texture(4, 4, TexelFormat::Rgba8Unorm, "foreign").unwrap();
    assert!(gpu.bind(&pipeline, &[Binding::Texture(&foreign), b_], "group").is_err());
    assert!(gpu.write_texture(&foreign, &[0; 64], 16).is_err());
}

#[test]
fn what_only_wgpu_finds_is_attributed_to_the_dispatch() {
    let Some(gpu) = open() else { return };
    let wgsl = "@group(0) @binding(0) var<uniform> wide: array<vec4f, 8>;
                @group(0) @binding(1) var<storage, read_write> out: array<vec4f>;
                @compute @workgroup_size(1) fn main() { out[0] = wide[7]; }";
    let pipeline = compile(&gpu, "wide", wgsl, &[BindingKind::Uniform, BindingKind::StorageReadWrite]).unwrap();
    let small = gpu.buffer(16, BufferKind::Uniform, "small").unwrap();
    let out = gpu.buffer(16, BufferKind::Storage, "out").unwrap();
    let bind = gpu.bind(&pipeline, &[Binding::Buffer(&small), Binding::Buffer(&out)], "group").unwrap();
    let dispatch = |label| Dispatch { pipeline: &pipeline, bind: &bind, groups: [1, 1, 1], label };
    let error = gpu.submit(&[dispatch("a pass of sharpen")], &[], false).unwrap_err();
    println!("{error}");
    assert!(matches!(&error, GpuError::Device { label, .. } if label == "a pass of sharpen"), "{error}");
    let huge = Dispatch { groups: [1, u32::MAX, 1], ..dispatch("huge") };
    assert!(matches!(gpu.submit(&[huge], &[], false), Err(GpuError::TooLarge { .. })));
    assert!(gpu.submit(&[], &[], false).unwrap().wait().is_ok(), "the device survives");
    assert!(gpu.faults().is_empty(), "{:?}", gpu.faults());
}

#[test]
fn a_failed_submit_keeps_the_noted_writes() {
    let Some(gpu) = open() else { return };
    let inverter = Inverter::new(&gpu, (8, 8), TexelFormat::Rgba8Unorm);
    gpu.write_texture(&inverter.source, &[200; 256], 32).unwrap();
    let tiny = gpu.buffer(16, BufferKind::ReadBack, "tiny").unwrap();
    let bad = Transfer::ReadTexture { from: &inverter.result, into: &tiny };
    assert!(matches!(gpu.submit(&[], &[bad], false), Err(GpuError::Usage { .. })));
    let submission = inverter.submit(&gpu, false).unwrap();
    assert!(submission.read(&inverter.back, |bytes| bytes[0].abs_diff(55) <= 1).unwrap());
}

#[test]
fn a_read_back_buffer_belongs_to_its_submission() {
    let Some(gpu) = open() else { return };
    let inverter = Inverter::new(&gpu, (16, 16), TexelFormat::Rgba8Unorm);
    gpu.write_texture(&inverter.source, &[0; 1024], 64).unwrap();
    let first = inverter.submit(&gpu, false).unwrap();
    let error = inverter.submit(&gpu, false).unwrap_err();
    assert!(matches!(&error, GpuError::Busy { label, .. } if label == "back"), "{error}");
    let stranger = gpu.buffer(16, BufferKind::ReadBack, "stranger").unwrap();
    assert!(matches!(first.read(&stranger, |_| ()), Err(GpuError::Usage { .. })));
    assert!(matches!(first.read_texture_into(&inverter.back, &mut [0; 3]), Err(GpuError::Usage { .. })));
    // Dropped unread, at once and perhaps before the device is done.
    drop(first);
    for _ in 0..5 {
        drop(inverter.submit(&gpu, true).unwrap());
    }
    let last = inverter.submit(&gpu, true).unwrap();
    assert!(last.read(&inverter.back, |bytes| bytes[0] >= 254).unwrap());
    assert!(gpu.faults().is_empty(), "{:?}", gpu.faults());
}

#[test]
fn after_a_loss_every_call_says_so() {
    let Some(gpu) = open() else { return };
    let inverter = Inverter::new(&gpu, (16, 16), TexelFormat::Rgba8Unorm);
    let running = inverter.submit(&gpu, true).unwrap();
    assert!(!gpu.is_lost());
    gpu.simulate_loss();
    assert!(gpu.is_lost() && gpu.lost_reason().is_some());
    let mut out = [0; 1024];
    let errors = [
        gpu.texture(4, 4, TexelFormat::Rgba8Unorm, "t").map(|_| ()),
        gpu.buffer(4, BufferKind::Storage, "b").map(|_| ()),
        gpu.write_texture(&inverter.source, &[0; 1024], 64),
        gpu.bind(&inverter.pipeline, &[Binding::Texture(&inverter.source), Binding::Texture(&inverter.result)], "g")
            .map(|_| ()),
        compile(&gpu, "p", "fn other() {}", INVERT).map(|_| ()),
        inverter.submit(&gpu, false).map(|_| ()),
        running.wait(),
        running.is_done().map(|_| ()),
        running.read_texture_into(&inverter.back, &mut out),
    ];
    for (at, result) in errors.into_iter().enumerate() {
        assert!(result.as_ref().is_err_and(GpuError::is_lost), "call {at}: {result:?}");
    }
    assert_eq!(running.timings(), None);
}

#[test]
fn a_device_destroyed_by_its_other_owner_is_noticed() {
    let Some(gpu) = open() else { return };
    let inverter = Inverter::new(&gpu, (16, 16), TexelFormat::Rgba8Unorm);
    inverter.run(&gpu, &[0; 1024]);
    gpu.device().destroy();
    let result = gpu
        .write_texture(&inverter.source, &[0; 1024], 64)
        .and_then(|()| inverter.submit(&gpu, false))
        .and_then(|submission| submission.wait());
    assert!(result.as_ref().is_err_and(GpuError::is_lost), "{result:?}");
    assert!(gpu.is_lost());
}

#[test]
fn a_device_destroyed_in_the_midst_of_a_call_is_lost_too() {
    for round in 0..ROUNDS {
        let Some(gpu) = open() else { return };
        let inverter = Inverter::new(&gpu, (64, 64), TexelFormat::Rgba8Unorm);
        let device = gpu.device().clone();
        let frames = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&frames);
        let other = std::thread::Builder::new().name("other owner".to_owned()).spawn(move || {
            // Each round a little later within a frame.
            while seen.load(Ordering::Relaxed) < 2 {
                std::hint::spin_loop();
            }
            (0..round * 1600).for_each(|_| std::hint::spin_loop());
            device.destroy();
            // What destroys the resources first and says so then.
            let _ = device.poll(wgpu::PollType::Poll);
        });
        let mut pixels = [0; 4 * 64 * 64];
        let error = loop {
            let frame = gpu
                .write_texture(&inverter.source, &pixels, 4 * 64)
                .and_then(|()| inverter.submit(&gpu, true))
                .and_then(|frame| frame.read_texture_into(&inverter.back, &mut pixels));
            frames.fetch_add(1, Ordering::Relaxed);
            if let Err(error) = frame {
                // So that the other one does not wait for frames that will not come.
                frames.store(2, Ordering::Relaxed);
                break error;
            }
        };
        other.unwrap().join().unwrap();
        assert!(error.is_lost() && gpu.is_lost(), "round {round}: {error:?}");
    }
}

#[test]
fn errors_outside_our_calls_are_collected_once_each() {
    let Some(gpu) = open() else { return };
    for _ in 0..3 {
        // A zero-sized texture: an error in the host's own call on the shared device.
        let _ = gpu.device().create_texture(&wgpu::TextureDescriptor {
            label: Some("host"),
            size: wgpu::Extent3d { width: 0, height: 1, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: wgpu::TextureFormat::Rgba8Unorm,
            usage: wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
    }
    let faults = gpu.faults();
    assert_eq!((faults.len(), faults[0].count), (1, 3), "{faults:?}");
}
