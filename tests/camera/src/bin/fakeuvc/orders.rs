//! Orders: lines on the standard input by which a test steers the camera at a moment of its choice.

use crate::camera::Event;
use crate::stream::Every;
use std::io;
use std::sync::mpsc::SyncSender;
use std::thread;

/// What the camera can be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Order {
    /// Send no more frames, but answer requests.
    Stall,
    /// Send frames again.
    Resume,
    /// Pull the plug.
    Unplug,
    /// Plug in.
    Plug,
    /// Cut frames short.
    Short(Every),
    /// Damage JPEG frames.
    Corrupt(Every),
    /// Send frames without bytes.
    Empty(Every),
    /// Set the error bit of frames.
    Flawed(Every),
    /// Leave the Huffman tables out of JPEG frames.
    NoHuffman(bool),
}

impl Order {
    /// Reads a line.
    pub(crate) fn parse(line: &str) -> Result<Self, String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let every = || rest.parse::<Every>();
        match (word, rest) {
            ("stall", "") => Ok(Self::Stall),
            ("resume", "") => Ok(Self::Resume),
            ("unplug", "") => Ok(Self::Unplug),
            ("plug", "") => Ok(Self::Plug),
            ("short", _) => every().map(Self::Short),
            ("corrupt", _) => every().map(Self::Corrupt),
            ("empty", _) => every().map(Self::Empty),
            ("flawed", _) => every().map(Self::Flawed),
            ("no-huffman", "on") => Ok(Self::NoHuffman(true)),
            ("no-huffman", "off") => Ok(Self::NoHuffman(false)),
            _ => Err(format!("no such order: {line}; --help lists them")),
        }
    }
}

/// Turns lines into events, on a thread of its own, until the input ends.
pub(crate) fn listen(events: SyncSender<Event>) -> io::Result<()> {
    thread::Builder::new().name("orders".into()).spawn(move || {
        for line in io::stdin().lines().map_while(Result::ok) {
            match Order::parse(line.trim()) {
                Ok(order) => {
                    if events.send(Event::Order(order, line)).is_err() {
                        return;
                    }
                }
                Err(message) => println!("{message}"),
            }
        }
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read() {
        let cases = [
            ("stall", Some(Order::Stall)),
            ("plug", Some(Order::Plug)),
            ("short on", Some(Order::Short(Every(1)))),
            ("corrupt off", Some(Order::Corrupt(Every(0)))),
            ("empty 3", Some(Order::Empty(Every(3)))),
            ("no-huffman on", Some(Order::NoHuffman(true))),
            ("short", None),
            ("stall 3", None),
            ("dance", None),
        ];
        for (line, order) in cases {
            assert_eq!(Order::parse(line).ok(), order, "{line}");
        }
    }
}
