//! The camera itself: one loop that answers the host, obeys orders and keeps the timers.

use crate::controls::{Controls, READ_WRITE, request};
use crate::descriptors::{self, ENDPOINT, STREAMING_INTERFACE};
use crate::orders::Order;
use crate::stream::{RECORD, Stream};
use crate::usbip::{Cable, Message, Transfer};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

/// What happens to the camera.
#[derive(Debug)]
pub(crate) enum Event {
    /// The host says something.
    Message {
        /// Since which plugging in; what came before the last one is stale.
        plug: u64,
        /// What it says.
        message: Message,
    },
    /// The host is gone.
    Pulled {
        /// Since which plugging in.
        plug: u64,
    },
    /// A test says something, in these words.
    Order(Order, String),
}

/// What happens by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timers {
    /// From plugging in at the start to pulling the plug.
    pub(crate) unplug_after: Option<Duration>,
    /// From pulling the plug to plugging in again.
    pub(crate) replug_after: Option<Duration>,
}

/// How long the loop waits if nothing is due.
const IDLE: Duration = Duration::from_secs(60);

/// A camera and its cable.
#[derive(Debug)]
pub(crate) struct Camera {
    names: [String; 2],
    controls: Controls,
    stream: Stream,
    timers: Timers,
    events: SyncSender<Event>,
    cable: Option<Cable>,
    /// How often it was plugged in.
    plug: u64,
    port: Option<u8>,
    /// Transfers that wait for a payload: number and room.
    waiting: VecDeque<(u32, usize)>,
    unplug_at: Option<Instant>,
    replug_at: Option<Instant>,
}

impl Camera {
    /// A camera with a name and a serial number, not yet plugged in.
    pub(crate) fn new(names: [String; 2], stream: Stream, timers: Timers, events: SyncSender<Event>) -> Self {
        Self {
            names,
            controls: Controls::new(),
            stream,
            timers,
            events,
            cable: None,
            plug: 0,
            port: None,
            waiting: VecDeque::new(),
            unplug_at: None,
            replug_at: None,
        }
    }

    /// Plugs in and works until the process is ended.
    pub(crate) fn run(mut self, events: &Receiver<Event>) -> anyhow::Result<()> {
        self.plug_in()?;
        self.unplug_at = self.timers.unplug_after.map(|after| Instant::now() + after);
        loop {
            let now = Instant::now();
            if self.unplug_at.take_if(|at| *at <= now).is_some() {
                self.pull();
            }
            if self.replug_at.take_if(|at| *at <= now).is_some() {
                self.plug_in()?;
            }
            self.send_payloads(now)?;
            match events.recv_timeout(self.wait()) {
                Ok(Event::Message { plug, message }) if plug == self.plug => self.answer(message),
                // The controller drops a device now and then that comes while it still has something to say to the last
                // one in that port. Nobody pulled the plug, so it stays in.
                Ok(Event::Pulled { plug }) if plug == self.plug && self.cable.is_some() => {
                    self.pull();
                    self.plug_in()?;
                }
                Ok(Event::Order(order, line)) => self.obey(order, &line)?,
                Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    /// Until something is due.
    fn wait(&self) -> Duration {
        let payload = if self.waiting.is_empty() { None } else { self.stream.due() };
        let next = [payload, self.unplug_at, self.replug_at].into_iter().flatten().min();
        next.map_or(IDLE, |at| at.saturating_duration_since(Instant::now()))
    }

    fn plug_in(&mut self) -> anyhow::Result<()> {
        if self.cable.is_none() {
            self.plug += 1;
            let cable = Cable::plug(self.port, self.plug, self.events.clone())?;
            println!("plugged into port {}", cable.port);
            self.port = Some(cable.port);
            self.cable = Some(cable);
            self.replug_at = None;
        }
        Ok(())
    }

    fn pull(&mut self) {
        if self.cable.take().is_some() {
            println!("unplugged");
            self.waiting.clear();
            self.stream.abandon();
            self.replug_at = self.timers.replug_after.map(|after| Instant::now() + after);
        }
    }

    fn obey(&mut self, order: Order, line: &str) -> anyhow::Result<()> {
        let faults = &mut self.stream.faults;
        match order {
            Order::Stall => self.stream.stall(),
            Order::Resume => self.stream.resume(),
            Order::Unplug => self.pull(),
            Order::Plug => self.plug_in()?,
            Order::Short(every) => faults.short = every,
            Order::Corrupt(every) => faults.corrupt = every,
            Order::Empty(every) => faults.empty = every,
            Order::Flawed(every) => faults.flawed = every,
            Order::NoHuffman(on) => faults.no_huffman = on,
        }
        println!("ok {line}");
        Ok(())
    }

    fn send_payloads(&mut self, now: Instant) -> anyhow::Result<()> {
        let Some(cable) = &mut self.cable else { return Ok(()) };
        while !self.waiting.is_empty() && self.stream.due().is_some_and(|due| due <= now.max(Instant::now())) {
            if let Some((sequence, room)) = self.waiting.pop_front() {
                cable.deliver(sequence, &self.stream.payload(room)?);
            }
        }
        Ok(())
    }

    fn answer(&mut self, message: Message) {
        let transfer = match message {
            Message::Unlink { sequence, victim } => {
                let before = self.waiting.len();
                self.waiting.retain(|(waiting, _)| *waiting != victim);
                if let Some(cable) = &mut self.cable {
                    cable.unlink(sequence, self.waiting.len() < before);
                }
                return;
            }
            Message::Transfer(transfer) if transfer.endpoint == u32::from(ENDPOINT) => {
                self.waiting.push_back((transfer.sequence, transfer.length));
                return;
            }
            Message::Transfer(transfer) => transfer,
        };
        let reply = self.control(&transfer);
        let Some(cable) = &mut self.cable else { return };
        match reply {
            Some(data) if transfer.to_host => {
                cable.deliver(transfer.sequence, &data[..data.len().min(transfer.length)])
            }
            Some(_) => cable.accept(transfer.sequence, transfer.length),
            None => cable.refuse(transfer.sequence),
        }
    }

    /// Answers a control request; nothing refuses it.
    fn control(&mut self, transfer: &Transfer) -> Option<Vec<u8>> {
        const STANDARD_IN: [u8; 3] = [0x80, 0x81, 0x82];
        const STANDARD_OUT: [u8; 3] = [0x00, 0x01, 0x02];
        const CLASS_IN: u8 = 0xa1;
        const CLASS_OUT: u8 = 0x21;
        const GET_STATUS: u8 = 0;
        const CLEAR_FEATURE: u8 = 1;
        const GET_DESCRIPTOR: u8 = 6;
        const GET_INTERFACE: u8 = 10;
        let [kind, code, low, high, interface, entity, ..] = transfer.setup;
        let streaming = (interface, entity) == (STREAMING_INTERFACE, 0);
        match (kind, code) {
            (0x80, GET_DESCRIPTOR) => match high {
                1 => Some(descriptors::device()),
                2 => Some(descriptors::configuration()),
                3 => descriptors::string(low, &self.names),
                _ => None,
            },
            (0x81, GET_INTERFACE) => Some(vec![0]),
            (_, GET_STATUS) if STANDARD_IN.contains(&kind) => Some(vec![0, 0]),
            (_, _) if STANDARD_OUT.contains(&kind) => {
                // The host clears the endpoint when it stops a stream.
                if code == CLEAR_FEATURE {
                    self.stream.abandon();
                }
                Some(vec![])
            }
            (CLASS_OUT, request::SET_CURRENT) if streaming => {
                const COMMIT: u8 = 2;
                self.stream.negotiate(&transfer.data);
                if high == COMMIT {
                    self.stream.start();
                }
                Some(vec![])
            }
            (CLASS_IN, request::GET_LENGTH) if streaming => Some((RECORD as u16).to_le_bytes().to_vec()),
            (CLASS_IN, request::GET_INFO) if streaming => Some(vec![READ_WRITE]),
            (CLASS_IN, _) if streaming => Some(self.stream.record()),
            (CLASS_OUT, request::SET_CURRENT) => self.controls.set(entity, high, &transfer.data).map(|()| vec![]),
            (CLASS_IN, _) => self.controls.get(code, entity, high),
            _ => None,
        }
    }
}
