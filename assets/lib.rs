//! The looks that come with Bowerbird, so that a program can carry them. They are dedicated to the public domain; see
//! `looks/LICENSE.md`.

/// The recipes of the looks, as JSON, in the order they are offered.
pub const LOOKS: [&str; 6] = [
    include_str!("looks/amber_hour.json"),
    include_str!("looks/bleach_row.json"),
    include_str!("looks/haze_garden.json"),
    include_str!("looks/old_album.json"),
    include_str!("looks/two_ink.json"),
    include_str!("looks/wrong_bath.json"),
];
