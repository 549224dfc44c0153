//! Adapters, sharing and threads.

use std::thread;

use super::adapter::Found;
use super::*;

#[test]
fn handles_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<(Gpu, Texture, Buffer, Pipeline, PipelineHandle, BindGroup, Submission, GpuError)>();
}

#[test]
fn adapters_are_listed_once_and_software_is_called_so() {
    let all = adapters();
    println!("{}", serde_json::to_string_pretty(&all).unwrap());
    for (at, one) in all.iter().enumerate() {
        assert!(all[..at].iter().all(|other| other.name != one.name || other.backend == one.backend), "{one:?}");
        assert_eq!(one.software, one.kind == AdapterKind::Software);
        if ["llvmpipe", "lavapipe", "swiftshader"].iter().any(|name| one.name.to_lowercase().contains(name)) {
            assert!(one.software, "{one:?}");
        }
    }
    let ranks: Vec<_> = all.iter().map(|one| one.kind).collect();
    assert!(ranks.is_sorted(), "best first");
}

#[test]
fn an_adapter_is_opened_by_a_part_of_its_name_or_not_at_all() {
    let wanted = |adapter: &str| GpuOptions { adapter: Some(adapter.to_owned()), ..GpuOptions::default() };
    let missing = Gpu::open(&wanted("no such adapter")).unwrap_err();
    assert!(matches!(&missing, GpuError::NoAdapter { reason } if reason.contains("no such adapter")), "{missing}");
    for one in adapters() {
        let gpu = Gpu::open(&wanted(&one.name.to_uppercase())).unwrap();
        assert_eq!((&gpu.report().name, gpu.report().software), (&one.name, one.software));
    }
    let refused = Gpu::open(&GpuOptions::default());
    if adapters().iter().all(|one| one.software) {
        assert!(matches!(refused, Err(GpuError::NoAdapter { .. })), "software needs to be allowed");
    }
}

#[test]
fn two_threads_use_one_gpu() {
    let Some(gpu) = open() else { return };
    thread::scope(|scope| {
        for shade in [10_u8, 200] {
            let gpu = gpu.clone();
            scope.spawn(move || {
                let inverter = Inverter::new(&gpu, (41, 23), TexelFormat::Rgba8Unorm);
                for round in 0..40_u8 {
                    let shade = shade + round;
                    let out = inverter.run(&gpu, &vec![shade; 41 * 23 * 4]);
                    assert!(out.iter().all(|byte| byte.abs_diff(255 - shade) <= 1));
                }
            });
        }
    });
    assert_eq!(gpu.counters().pipelines_created, 1);
    assert!(gpu.faults().is_empty(), "{:?}", gpu.faults());
}

#[test]
fn one_thread_polls_what_another_submitted() {
    let Some(gpu) = open() else { return };
    let inverter = Inverter::new(&gpu, (41, 23), TexelFormat::Rgba8Unorm);
    for _ in 0..20 {
        gpu.write_texture(&inverter.source, &[1; 41 * 23 * 4], 41 * 4).unwrap();
        let submission = inverter.submit(&gpu, false).unwrap();
        thread::scope(|scope| {
            scope.spawn(|| while !submission.is_done().unwrap() {});
            submission.wait().unwrap();
        });
    }
}

#[test]
fn a_handle_is_polled_until_ready() {
    let Some(gpu) = open() else { return };
    let wgsl = invert_wgsl(TexelFormat::Rgba8Unorm);
    let spec = PipelineSpec { label: "invert", wgsl: wgsl.into(), entry: "main", bindings: INVERT };
    let handle = gpu.pipeline(&spec);
    while !handle.is_ready() {
        thread::yield_now();
    }
    assert!(handle.get().unwrap().is_ok());
    drop(gpu);
    assert!(handle.wait().is_ok(), "a handle outlives its Gpu");
}

#[test]
fn requests_of_a_closed_gpu_resolve() {
    let Some(gpu) = open() else { return };
    let wgsl = |n: u32| format!("const n = {n}; {}", invert_wgsl(TexelFormat::Rgba8Unorm));
    let ask = |n| gpu.pipeline(&PipelineSpec { label: "p", wgsl: wgsl(n).into(), entry: "main", bindings: INVERT });
    let handles: Vec<_> = (0..300).map(ask).collect();
    let full = |handle: &&PipelineHandle| matches!(handle.get(), Some(Err(GpuError::Busy { .. })));
    assert!(handles.iter().any(|handle| full(&handle)), "the queue is bounded");
    drop(gpu);
    assert!(handles.iter().all(PipelineHandle::is_ready));
}

#[test]
fn a_host_shares_its_device() {
    let options = GpuOptions { allow_software: true, ..GpuOptions::default() };
    let Ok(shared) = SharedDevice::open(&options) else { return };
    let gpu = Gpu::share(&shared, &GpuOptions::default()).unwrap();
    assert!(gpu.is_shared() && gpu.report() == shared.report());
    let out = Inverter::new(&gpu, (9, 9), TexelFormat::Rgba8Unorm).run(&gpu, &[0; 324]);
    assert!(out.iter().all(|byte| *byte >= 254));
    assert_eq!(gpu.counters().bytes_read_back, 324);
    // The loss is known to whatever is built on it later.
    gpu.simulate_loss();
    assert!(matches!(Gpu::share(&shared, &GpuOptions::default()), Err(GpuError::Lost { .. })));
}

#[test]
fn a_device_that_lacks_something_is_not_shared_and_says_what() {
    let options = GpuOptions { allow_software: true, ..GpuOptions::default() };
    let Ok(Found { adapter, .. }) = adapter::choose(&options) else { return };
    let poor = wgpu::DeviceDescriptor {
        required_limits: wgpu::Limits::downlevel_webgl2_defaults(),
        ..wgpu::DeviceDescriptor::default()
    };
    let (device, queue) = pollster::block_on(adapter.request_device(&poor)).unwrap();
    let shared = SharedDevice::new(&adapter, device, queue);
    let error = Gpu::share(&shared, &GpuOptions::default()).unwrap_err().to_string();
    assert!(error.contains("workgroup"), "{error}");
}
