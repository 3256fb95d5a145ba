//! Python's random numbers from a seed: playbooks rely on `random(seed=inventory_hostname)` giving
//! every host the same number in every run. The Mersenne Twister as Python seeds and reads it.

use num_bigint::BigUint;
use sha2::{Digest, Sha512};

const N: usize = 624;
const M: usize = 397;

/// `random.Random(seed)`.
pub struct Random {
    state: [u32; N],
    index: usize,
}

impl Random {
    /// From a text.
    pub fn from_text(seed: &str) -> Random {
        let mut bytes = seed.as_bytes().to_vec();
        bytes.extend(Sha512::digest(seed.as_bytes()));
        Random::from_magnitude(&bytes)
    }

    /// From an int.
    pub fn from_int(seed: &num_bigint::BigInt) -> Random {
        Random::from_magnitude(&seed.magnitude().to_bytes_be())
    }

    /// From the big-endian bytes of an int that isn't negative.
    pub fn from_magnitude(bytes: &[u8]) -> Random {
        let mut key: Vec<u32> = bytes
            .rchunks(4)
            .map(|chunk| chunk.iter().fold(0, |word, byte| (word << 8) | u32::from(*byte)))
            .collect();
        while key.len() > 1 && key.last() == Some(&0) {
            key.pop();
        }
        if key.is_empty() {
            key.push(0);
        }
        Random::from_key(&key)
    }

    fn from_key(key: &[u32]) -> Random {
        let mut state = [0_u32; N];
        state[0] = 19_650_218;
        for i in 1..N {
            let last = state[i - 1];
            state[i] = 1_812_433_253_u32.wrapping_mul(last ^ (last >> 30)).wrapping_add(i as u32);
        }
        let (mut i, mut j) = (1, 0);
        for _ in 0..N.max(key.len()) {
            let last = state[i - 1];
            state[i] = (state[i] ^ (last ^ (last >> 30)).wrapping_mul(1_664_525))
                .wrapping_add(key[j])
                .wrapping_add(j as u32);
            i += 1;
            j = (j + 1) % key.len();
            if i >= N {
                state[0] = state[N - 1];
                i = 1;
            }
        }
        for _ in 0..N - 1 {
            let last = state[i - 1];
            state[i] = (state[i] ^ (last ^ (last >> 30)).wrapping_mul(1_566_083_941))
                .wrapping_sub(i as u32);
            i += 1;
            if i >= N {
                state[0] = state[N - 1];
                i = 1;
            }
        }
        state[0] = 0x8000_0000;
        Random { state, index: N }
    }

    fn word(&mut self) -> u32 {
        if self.index >= N {
            for i in 0..N {
                let y = (self.state[i] & 0x8000_0000) | (self.state[(i + 1) % N] & 0x7fff_ffff);
                let twist = if y & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[i] = self.state[(i + M) % N] ^ (y >> 1) ^ twist;
            }
            self.index = 0;
        }
        let mut y = self.state[self.index];
        self.index += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// `getrandbits(k)` for up to 64 bits: words come lowest first.
    fn bits(&mut self, k: u32) -> u64 {
        match k {
            0 => 0,
            1..=32 => u64::from(self.word() >> (32 - k)),
            _ => {
                let low = u64::from(self.word());
                low | (u64::from(self.word() >> (64 - k.min(64))) << 32)
            }
        }
    }

    /// A number below `n` (which isn't 0).
    pub fn below(&mut self, n: u64) -> u64 {
        let k = 64 - n.leading_zeros();
        loop {
            let number = self.bits(k);
            if number < n {
                return number;
            }
        }
    }

    /// The same for numbers of any size: its bits are words too, lowest first, and of the last one the upper bits.
    pub fn below_big(&mut self, n: &BigUint) -> BigUint {
        let bits = n.bits();
        loop {
            let words = (0..bits.div_ceil(32)).map(|word| {
                let wanted = (bits - word * 32).min(32);
                self.word() >> (32 - wanted)
            });
            let number = BigUint::new(words.collect());
            if number < *n {
                return number;
            }
        }
    }

    /// The index of one of `length` items.
    pub fn choose(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length.max(1) as u64)).unwrap_or(0)
    }

    /// Python's `shuffle`.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.choose(i + 1);
            items.swap(i, j);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_as_python() {
        assert_eq!(Random::from_text("host1").below(100), 62);
        assert_eq!(Random::from_text("web01.example.com").below(59), 38);
        let mut items = [1, 2, 3, 4, 5];
        Random::from_text("x").shuffle(&mut items);
        assert_eq!(items, [5, 2, 1, 4, 3]);
        let mut items = [1, 2, 3, 4];
        Random::from_int(&5.into()).shuffle(&mut items);
        assert_eq!(items, [1, 2, 4, 3]);
    }
}
