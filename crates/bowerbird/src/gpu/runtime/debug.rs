//! `Debug` for the handles: their type and label. What is behind them is a driver's business and says nothing.

use std::fmt;

use super::{BindGroup, Buffer, Pipeline, PipelineHandle, Submission, Texture};

macro_rules! by {
    ($($handle:ident: $field:literal = $value:expr;)*) => {$(
        impl fmt::Debug for $handle {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let value: fn(&Self) -> &dyn fmt::Debug = $value;
                f.debug_struct(stringify!($handle)).field($field, value(self)).finish_non_exhaustive()
            }
        }
    )*};
}

by! {
    Texture: "label" = |texture| &texture.0.label;
    Buffer: "label" = |buffer| &buffer.0.label;
    Pipeline: "label" = |pipeline| &pipeline.label;
    PipelineHandle: "label" = |handle| &handle.label;
    BindGroup: "label" = |group| &group.label;
    Submission: "passes" = |submission| &submission.passes;
}
