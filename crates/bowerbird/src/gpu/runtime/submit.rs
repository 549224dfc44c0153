//! Recording and submitting: dispatches in order, then transfers.
//!
//! Each dispatch is a compute pass of its own, so that captures, wgpu's messages and timestamps name it; a fused chain
//! has few. wgpu places the barriers between them.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::driver::Driver;
use super::resource::Rows;
use super::submission::{Read, Signal};
use super::timer::Timer;
use super::{BindGroup, Buffer, BufferKind, Gpu, GpuError, Pipeline, Submission, Texture};

/// One run of a pipeline.
#[derive(Clone, Copy)]
pub struct Dispatch<'a> {
    /// What runs.
    pub pipeline: &'a Pipeline,
    /// What it works on.
    pub bind: &'a BindGroup,
    /// Workgroups in x, y, z.
    pub groups: [u32; 3],
    /// The pass's name.
    pub label: &'a str,
}

/// A copy on the device, after the dispatches. A read-back buffer as destination can be read from the [`Submission`].
#[derive(Clone, Copy)]
pub enum Transfer<'a> {
    /// A whole texture into a buffer, its rows padded to 256 bytes.
    ReadTexture {
        /// Source.
        from: &'a Texture,
        /// Destination, at least [`Texture::read_back_size`] bytes.
        into: &'a Buffer,
    },
    /// One texel into the beginning of a buffer.
    ReadTexel {
        /// Source.
        from: &'a Texture,
        /// Column and row, within the texture.
        at: (u32, u32),
        /// Destination, at least a texel long.
        into: &'a Buffer,
    },
    /// A whole buffer into the beginning of another.
    CopyBuffer {
        /// Source, of a size that is a multiple of 4.
        from: &'a Buffer,
        /// Destination, at least as large.
        into: &'a Buffer,
    },
    /// A whole texture into another of the same size and format.
    CopyTexture {
        /// Source.
        from: &'a Texture,
        /// Destination.
        into: &'a Texture,
    },
}

impl Gpu {
    /// Submits all noted writes, then the dispatches, then the transfers. With `timing`, every pass is timed where the
    /// device can. Submissions run in the order of the calls.
    ///
    /// # Errors
    /// [`GpuError::Usage`], [`GpuError::Binding`] or [`GpuError::TooLarge`] for what does not fit together,
    /// [`GpuError::Busy`] for a read-back buffer of a living submission, [`GpuError::Device`] for what only wgpu finds,
    /// labeled by the dispatch concerned, [`GpuError::Lost`]. After an error nothing was submitted, noted writes
    /// excepted.
    pub fn submit(
        &self,
        dispatches: &[Dispatch<'_>],
        transfers: &[Transfer<'_>],
        timing: bool,
    ) -> Result<Submission, GpuError> {
        let driver = self.driver();
        driver.check()?;
        for dispatch in dispatches {
            self.check_dispatch(dispatch)?;
        }
        for transfer in transfers {
            self.check_transfer(transfer)?;
        }
        let timer = if timing { self.shared.timers.take(dispatches.len())? } else { None };
        let passes = u32::try_from(dispatches.len()).unwrap_or(u32::MAX);
        // From here on the submission owns timer and reads; dropping it gives everything back.
        let mut submission = Submission::new(Arc::clone(driver), Arc::clone(&self.shared.timers), timer, passes);
        let work = driver.scoped("submit", |device| {
            let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            record(&mut encoder, dispatches, transfers, submission.timer());
            encoder.finish()
        });
        let work = work.map_err(|error| self.blame(error, dispatches))?;
        for transfer in transfers {
            submission.own(read_of(transfer))?;
        }
        let signal = Arc::clone(submission.signal());
        let result = self.shared.uploads.submit(driver, work, |index| {
            signal.expect_work(&driver.queue);
            submission.start(index);
        });
        result?;
        Driver::count(&driver.counters.submissions);
        let read: u64 = transfers.iter().map(bytes_read).sum();
        driver.counters.read_back.fetch_add(read, Ordering::Relaxed);
        Ok(submission)
    }

    /// wgpu 30 reports a bad pass when the whole recording ends, and does not name it. So each is recorded alone, which
    /// runs nothing, to see which one is to blame.
    fn blame(&self, error: GpuError, dispatches: &[Dispatch<'_>]) -> GpuError {
        if !matches!(error, GpuError::Device { .. }) {
            return error;
        }
        let alone = dispatches.iter().find_map(|dispatch| {
            let recorded = self.driver().scoped(dispatch.label, |device| {
                let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
                record(&mut encoder, std::slice::from_ref(dispatch), &[], None);
                encoder.finish()
            });
            recorded.err()
        });
        alone.unwrap_or(error)
    }

    fn check_dispatch(&self, dispatch: &Dispatch<'_>) -> Result<(), GpuError> {
        let Dispatch { pipeline, bind, groups, label } = dispatch;
        if !Arc::ptr_eq(&pipeline.driver, self.driver()) || !Arc::ptr_eq(&bind.driver, self.driver()) {
            return Err(GpuError::usage(label, "its pipeline or bind group belongs to another device"));
        }
        if pipeline.bindings != bind.bindings {
            let message = format!("bind group `{}` does not fit pipeline `{}`", bind.label, pipeline.label);
            return Err(GpuError::binding(label, message));
        }
        let (needed, limit) = (groups.iter().copied().max(), self.limits().max_compute_workgroups_per_dimension);
        match needed {
            Some(needed) if needed > limit => Err(GpuError::TooLarge {
                label: (*label).to_owned(),
                what: "number of workgroups",
                needed: u64::from(needed),
                limit: u64::from(limit),
            }),
            _ => Ok(()),
        }
    }

    fn check_transfer(&self, transfer: &Transfer<'_>) -> Result<(), GpuError> {
        match transfer {
            Transfer::CopyTexture { from, into } => {
                let label = into.label();
                self.owns(&from.0.memory, label)?;
                self.owns(&into.0.memory, label)?;
                if from.is_same(into) || from.0.key != into.0.key {
                    let message = format!("`{}` is itself, or of another size or format", from.label());
                    return Err(GpuError::usage(label, message));
                }
                Ok(())
            }
            Transfer::ReadTexture { from, into } => {
                self.owns(&from.0.memory, into.label())?;
                self.check_destination(into, from.read_back_size())
            }
            Transfer::ReadTexel { from, at, into } => {
                self.owns(&from.0.memory, into.label())?;
                let (width, height) = from.size();
                if at.0 >= width || at.1 >= height {
                    return Err(GpuError::usage(from.label(), format!("{at:?} is outside of {width}×{height}")));
                }
                self.check_destination(into, u64::from(from.format().bytes()))
            }
            Transfer::CopyBuffer { from, into } => {
                let label = into.label();
                self.owns(&from.0.memory, label)?;
                if from.kind() == BufferKind::ReadBack || from.is_same(into) || !from.size().is_multiple_of(4) {
                    let message = format!("`{}` is for reading back, itself, or not in units of 4 bytes", from.label());
                    return Err(GpuError::usage(label, message));
                }
                self.check_destination(into, from.size())
            }
        }
    }

    fn check_destination(&self, into: &Buffer, needed: u64) -> Result<(), GpuError> {
        let label = into.label();
        self.owns(&into.0.memory, label)?;
        if into.size() < needed {
            let message = format!("{needed} bytes do not fit into {}", into.size());
            return Err(GpuError::usage(label, message));
        }
        Ok(())
    }
}

fn record(
    encoder: &mut wgpu::CommandEncoder,
    dispatches: &[Dispatch<'_>],
    transfers: &[Transfer<'_>],
    timer: Option<&Timer>,
) {
    for (at, dispatch) in (0_u32..).zip(dispatches) {
        let timestamp_writes = timer.map(|timer| wgpu::ComputePassTimestampWrites {
            query_set: &timer.queries,
            beginning_of_pass_write_index: Some(2 * at),
            end_of_pass_write_index: Some(2 * at + 1),
        });
        let label = Some(dispatch.label);
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label, timestamp_writes });
        pass.set_pipeline(&dispatch.pipeline.raw);
        pass.set_bind_group(0, &dispatch.bind.raw, &[]);
        let [x, y, z] = dispatch.groups;
        pass.dispatch_workgroups(x, y, z);
    }
    for transfer in transfers {
        match transfer {
            Transfer::ReadTexture { from, into } => encoder.copy_texture_to_buffer(
                from.0.raw.texture.as_image_copy(),
                wgpu::TexelCopyBufferInfo {
                    buffer: &into.0.raw,
                    layout: wgpu::TexelCopyBufferLayout {
                        offset: 0,
                        bytes_per_row: Some(Rows::of(&from.0.key).stride),
                        rows_per_image: None,
                    },
                },
                from.extent(),
            ),
            Transfer::ReadTexel { from, at, into } => encoder.copy_texture_to_buffer(
                wgpu::TexelCopyTextureInfo {
                    origin: wgpu::Origin3d { x: at.0, y: at.1, z: 0 },
                    ..from.0.raw.texture.as_image_copy()
                },
                wgpu::TexelCopyBufferInfo { buffer: &into.0.raw, layout: wgpu::TexelCopyBufferLayout::default() },
                wgpu::Extent3d { width: 1, height: 1, depth_or_array_layers: 1 },
            ),
            Transfer::CopyBuffer { from, into } => {
                encoder.copy_buffer_to_buffer(&from.0.raw, 0, &into.0.raw, 0, from.size());
            }
            Transfer::CopyTexture { from, into } => encoder.copy_texture_to_texture(
                from.0.raw.texture.as_image_copy(),
                into.0.raw.texture.as_image_copy(),
                from.extent(),
            ),
        }
    }
    if let (Some(timer), Ok(passes)) = (timer, u32::try_from(dispatches.len())) {
        timer.resolve(encoder, passes);
    }
}

fn read_of(transfer: &Transfer<'_>) -> Option<Read> {
    let (into, rows) = match transfer {
        Transfer::ReadTexture { from, into } => (into, Some(Rows::of(&from.0.key))),
        Transfer::ReadTexel { into, .. } | Transfer::CopyBuffer { into, .. } => (into, None),
        Transfer::CopyTexture { .. } => return None,
    };
    (into.kind() == BufferKind::ReadBack).then(|| Read { buffer: (*into).clone(), rows })
}

/// What a transfer brings to the processor, in bytes.
fn bytes_read(transfer: &Transfer<'_>) -> u64 {
    match transfer {
        Transfer::ReadTexture { from, into } if into.kind() == BufferKind::ReadBack => from.0.key.bytes(),
        Transfer::ReadTexel { from, .. } => u64::from(from.format().bytes()),
        Transfer::CopyBuffer { from, into } if into.kind() == BufferKind::ReadBack => from.size(),
        _ => 0,
    }
}

/// Marks a read-back buffer as taken; false if it already was.
pub(super) fn claim(buffer: &Buffer) -> bool {
    !buffer.0.reading.swap(true, Ordering::AcqRel)
}

/// Ends a claim.
pub(super) fn release(buffer: &Buffer) {
    buffer.0.reading.store(false, Ordering::Release);
}

impl Signal {
    /// Registers the end of the work submitted last; called while no other submit can come between.
    fn expect_work(self: &Arc<Self>, queue: &wgpu::Queue) {
        let signal = Arc::clone(self);
        queue.on_submitted_work_done(move || signal.arrive(true));
    }
}
