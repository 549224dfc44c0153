//! Medians of large squares of floats: the values of a block are ranked, and a sliding set of ranks (after Huang 1979)
//! tells the middle one.

use super::Block;
use crate::cpu::window::Strip;
use crate::graph::Window;

/// The side of a block, in pixels.
pub(super) const SIDE: usize = 48;

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(in crate::cpu) struct Scratch {
    /// The values of a block with their places, in order, and the rank of each place.
    order: Vec<(u32, u32)>,
    ranks: Vec<u16>,
    floats: Vec<f32>,
}

impl Scratch {
    /// Finds the medians of a block of floats, in place.
    pub(super) fn rank(&mut self, samples: &mut [f32], strip: &Strip, block: &Block) {
        let (width, height) = (block.width + 2 * block.radius, block.height + 2 * block.radius);
        let at = |x: usize, y: usize| (block.y + y) * strip.stride + block.x + x;
        // Unsigned numbers in the order of the floats.
        let key = |value: f32| {
            let bits = value.to_bits();
            if bits >> 31 == 0 { bits | 1 << 31 } else { !bits }
        };
        self.order.clear();
        for y in 0..height {
            let row = &samples[at(0, y)..][..width];
            self.order.extend(row.iter().enumerate().map(|(x, value)| (key(*value), (y * width + x) as u32)));
        }
        self.order.sort_unstable();
        self.ranks.resize(self.ranks.len().max(width * height), 0);
        self.floats.clear();
        for (rank, (key, place)) in self.order.iter().enumerate() {
            self.ranks[*place as usize] = rank as u16;
            self.floats.push(f32::from_bits(if key >> 31 == 1 { key & !(1 << 31) } else { !key }));
        }
        let side = 2 * block.radius + 1;
        for y in 0..block.height {
            let mut window = Ranks::new((side * side / 2) as u32);
            let column = |x: usize| (y..y + side).map(move |y| y * width + x);
            (0..side - 1).flat_map(column).for_each(|place| window.add(self.ranks[place]));
            for x in 0..block.width {
                column(x + side - 1).for_each(|place| window.add(self.ranks[place]));
                samples[at(x, y)] = self.floats[window.middle()];
                column(x).for_each(|place| window.remove(self.ranks[place]));
            }
        }
    }
}

/// Words of a set of ranks.
const WORDS: usize = ((SIDE + 2 * Window::MOST_MEDIAN) * (SIDE + 2 * Window::MOST_MEDIAN)).div_ceil(64);

/// The ranks in a window, and about where the middle one is.
struct Ranks {
    words: [u64; WORDS],
    word: usize,
    /// Ranks in the words before `word`.
    below: u32,
    half: u32,
}

impl Ranks {
    fn new(half: u32) -> Self {
        Self { words: [0; WORDS], word: 0, below: 0, half }
    }

    fn add(&mut self, rank: u16) {
        let word = usize::from(rank) / 64;
        self.words[word] |= 1 << (rank % 64);
        self.below += u32::from(word < self.word);
    }

    fn remove(&mut self, rank: u16) {
        let word = usize::from(rank) / 64;
        self.words[word] &= !(1 << (rank % 64));
        self.below -= u32::from(word < self.word);
    }

    /// The rank with `half` others below it.
    fn middle(&mut self) -> usize {
        while self.below > self.half {
            self.word -= 1;
            self.below -= self.words[self.word].count_ones();
        }
        while self.below + self.words[self.word].count_ones() <= self.half {
            self.below += self.words[self.word].count_ones();
            self.word += 1;
        }
        let mut word = self.words[self.word];
        for _ in self.below..self.half {
            word &= word - 1;
        }
        64 * self.word + word.trailing_zeros() as usize
    }
}
