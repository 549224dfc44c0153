//! The kernel's own test device.

use crate::node::{self, Node, Role};
use crate::{Case, case, v4l2_ctl};
use anyhow::{Context, ensure};

pub(crate) const CASES: &[Case] =
    &[case("vivid_is_there", is_there), case("vivid_shows_a_still_picture", shows_a_still_picture)];

fn is_there() -> anyhow::Result<()> {
    let nodes: Vec<Node> = node::all()?.into_iter().filter(|node| node.driver == "vivid").collect();
    let roles: Vec<Role> = nodes.iter().map(|node| node.role).collect();
    ensure!(roles == [Role::Capture, Role::Capture, Role::Output], "{nodes:?}");
    let formats = v4l2_ctl::run(&nodes[0].path, &["--list-formats-ext"])?;
    for expected in ["'YUYV'", "'NV12'", "640x480", "1280x720"] {
        ensure!(formats.contains(expected), "{expected} is not in {formats}");
    }
    Ok(())
}

fn shows_a_still_picture() -> anyhow::Result<()> {
    const SIZE: (u16, u16) = (640, 480);
    let webcam = node::find("vivid", Role::Capture)?.into_iter().next().context("no webcam")?;
    // Without the running clock in the picture.
    v4l2_ctl::set(&webcam.path, "osd_text_mode", 2)?;
    ensure!(v4l2_ctl::get(&webcam.path, "osd_text_mode")? == 2, "the control did not keep its value");
    let frames = v4l2_ctl::capture(&webcam.path, "YUYV", SIZE, 2)?;
    let (first, second) = frames.split_at(frames.len() / 2);
    ensure!(first.len() == usize::from(SIZE.0) * usize::from(SIZE.1) * 2, "a frame of {} bytes", first.len());
    ensure!(first == second, "two frames of a still picture differ");
    Ok(())
}
