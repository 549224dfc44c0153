//! `explain`: the plan of a chain.

use crate::args::ExplainArgs;
use crate::output::{print, print_json, warn};
use crate::{DONE, look};
use bowerbird::Engine;
use std::process::ExitCode;

/// Prints the plan.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<ExitCode> {
    let chain = look::chain(&args.recipe, &args.read, false)?;
    let engine = Engine::new(args.engine.options())?;
    let explanation = engine.explain(&chain, (args.size.width, args.size.height))?;
    engine.take_messages().iter().for_each(|message| warn(message));
    if args.json {
        return print_json(&serde_json::to_value(&explanation)?);
    }
    print(&explanation.to_string()).map(|()| DONE)
}
