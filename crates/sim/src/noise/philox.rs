//! The Philox4x32-10 generator: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).

use std::array::from_fn;

use brainmass_core::real::LANE_WIDTH;
use brainmass_core::real::registers::Vector;

/// The multipliers of a round.
const MULTIPLIERS: [u32; 2] = [0xd251_1f53, 0xcd9e_8d57];
/// The numbers that are added to the key after a round.
const WEYL: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];
/// The number of rounds.
const ROUNDS: usize = 10;

/// The keys of the ten rounds; 64 bits each, for the processor to spread them over a register while loading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Philox([[u64; 2]; ROUNDS]);

impl Philox {
    /// Computes the keys of all rounds from that of the first.
    pub fn new(mut key: [u32; 2]) -> Self {
        let mut keys = [[0; 2]; ROUNDS];
        for round in &mut keys {
            *round = key.map(u64::from);
            key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
        }
        Self(keys)
    }

    /// Computes four random words for each lane of a counter, in the low 32 bits; the bits above are not random. The bits above 32 of
    /// the counter do not count.
    #[inline(always)]
    pub fn words<V: Vector>(&self, counter: [V; 4]) -> [V; 4] {
        let mut c = counter;
        for key in &self.0 {
            c = round(c, [V::splat_bits(key[0]), V::splat_bits(key[1])]);
        }
        c
    }
}

/// Generators of as many keys as the widest register has lanes, side by side.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(super) struct Philoxes([[[f64; LANE_WIDTH]; 2]; ROUNDS]);

impl Philoxes {
    /// Computes the keys of all rounds of several generators.
    pub fn new(keys: [[u32; 2]; LANE_WIDTH]) -> Self {
        let all = keys.map(Philox::new);
        let bits = |round: usize, word: usize, lane: usize| f64::from_bits(all[lane].0[round][word]);
        Self(from_fn(|round| from_fn(|word| from_fn(|lane| bits(round, word, lane)))))
    }

    /// Computes the words of [`Philox::words`] by the generators of the lanes from `first` on.
    #[inline(always)]
    pub fn words<V: Vector>(&self, first: usize, counter: [V; 4]) -> [V; 4] {
        let mut c = counter;
        for [low, high] in &self.0 {
            c = round(c, [V::load(&low[first..]), V::load(&high[first..])]);
        }
        c
    }
}

/// Makes one round.
#[inline(always)]
fn round<V: Vector>(c: [V; 4], key: [V; 2]) -> [V; 4] {
    let first = V::splat_bits(u64::from(MULTIPLIERS[0]));
    let second = V::splat_bits(u64::from(MULTIPLIERS[1]));
    // The low 32 bits of a product need no mask: what lies above never gets down.
    let (left, right) = (c[0].bits_mul_low(first), c[2].bits_mul_low(second));
    [
        right.bits_shr::<32>().bits_xor(c[1]).bits_xor(key[0]),
        right,
        left.bits_shr::<32>().bits_xor(c[3]).bits_xor(key[1]),
        left,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use brainmass_core::real::Simd;
    use brainmass_core::real::registers::VectorJob;

    /// A counter and a key.
    struct Block([u32; 4], [u32; 2]);

    impl VectorJob for Block {
        type Output = [u32; 4];
        #[inline(always)]
        fn run<V: Vector>(self) -> [u32; 4] {
            Philox::new(self.1).words(self.0.map(|word| V::splat_bits(u64::from(word)))).map(|word| {
                let mut lanes = [0.0; LANE_WIDTH];
                word.store(&mut lanes);
                lanes[V::WIDTH - 1].to_bits() as u32
            })
        }
    }

    /// The known words are the vectors that come with the authors' Random123 library (`kat_vectors`, `philox4x32 10`).
    #[test]
    fn words_are_the_published_ones() {
        let known = [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([!0; 4], [!0; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (counter, key, words) in known {
            for simd in [Simd::fastest(), Simd::named("plain").unwrap()] {
                assert_eq!(simd.run_vector(Block(counter, key)), words, "{}", simd.name());
            }
        }
    }
}
