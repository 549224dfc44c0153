//! `explain`: the plan of a chain, and what it takes on a picture.

use crate::args::{EngineArgs, ExplainArgs, Size};
use crate::output::{print, print_json, warn};
use crate::{DONE, bench, look};
use bowerbird::{Chain, Engine, Explanation, Frame};
use std::path::Path;
use std::process::ExitCode;

/// Of what no picture is given for.
const SIZE: Size = Size { width: 1920, height: 1080 };

/// Renderings before the one that is timed: plans, pipelines and memory are there then.
const WARM: usize = 2;

/// What is said where nothing was measured.
const NO_TIMES: &str = "no times were measured: chains that change the size of the picture are not timed pass by pass, and \
                        not every graphics driver has a clock; bench times the whole, and --backend cpu times any other chain";

/// Prints the plan.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let chain = look::chain(&args.recipe, &args.read, false)?;
    let engine = EngineArgs::open(args.engine.options())?;
    let explanation = if let Some(input) = &args.input {
        timed(args, &engine, &chain, input)?
    } else {
        let size = args.size.unwrap_or(SIZE);
        engine.explain(&chain, (size.width, size.height))?
    };
    engine.take_messages().iter().for_each(|message| warn(message));
    if args.json {
        return print_json(&serde_json::to_value(&explanation)?);
    }
    print(&explanation.to_string()).map(|()| DONE)
}

/// The plan for a picture, after it was rendered.
fn timed(args: &ExplainArgs, engine: &Engine, chain: &Chain, input: &Path) -> anyhow::Result<Explanation> {
    look::try_out(engine, chain)?;
    let image = bench::picture(input, args.size, &args.read)?;
    for _ in 0..WARM {
        engine.render(chain, &image)?;
    }
    let explanation = engine.explain_frame(chain, &image, &Frame::still(image.width(), image.height()))?;
    if explanation.passes.iter().all(|pass| pass.ms.is_none()) {
        warn(NO_TIMES);
    }
    Ok(explanation)
}
