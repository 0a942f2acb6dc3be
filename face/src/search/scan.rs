//! The vectors of a gallery in blocks that never move, and the scan over them: int8 against int8, 32 products at a time where
//! the processor has AVX2.

use zeroize::{Zeroize, Zeroizing};

/// Rows of one block: 128 KiB for a vector of 128 numbers. A block is never copied to grow, so no template is left behind
/// in memory that was given back.
const ROWS: usize = 1024;

/// Rows of the same length, wiped when dropped. Nothing moves but the last row, into the place of one that leaves.
pub(super) struct Rows {
    width: usize,
    blocks: Vec<Zeroizing<Vec<i8>>>,
    /// One over the length of each row.
    scales: Vec<f32>,
}

impl Rows {
    pub(super) const fn new() -> Self {
        Self { width: 0, blocks: Vec::new(), scales: Vec::new() }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.scales.len()
    }

    /// False where the length is another one than before.
    pub(super) fn push(&mut self, row: &[i8]) -> bool {
        if self.scales.is_empty() {
            self.width = row.len();
            self.blocks.clear();
        }
        if row.len() != self.width || row.is_empty() {
            return false;
        }
        if self.scales.len() == self.blocks.len() * ROWS {
            self.blocks.push(Zeroizing::new(Vec::with_capacity(ROWS * self.width)));
        }
        self.blocks[self.scales.len() / ROWS].extend_from_slice(row);
        let length = row.iter().map(|v| f32::from(*v).powi(2)).sum::<f32>().sqrt();
        self.scales.push(1.0 / length);
        true
    }

    /// Puts the last row in the place of this one and wipes where it was.
    pub(super) fn swap_remove(&mut self, index: usize) {
        let last = self.scales.len() - 1;
        let from = last % ROWS * self.width;
        let moved = Zeroizing::new(self.blocks[last / ROWS][from..].to_vec());
        let to = index % ROWS * self.width;
        self.blocks[index / ROWS][to..to + self.width].copy_from_slice(&moved);
        let block = &mut self.blocks[last / ROWS];
        block[from..].zeroize();
        block.truncate(from);
        self.scales.swap_remove(index);
        if from == 0 {
            self.blocks.pop();
        }
    }

    pub(super) fn row(&self, index: usize) -> &[i8] {
        let at = index % ROWS * self.width;
        &self.blocks[index / ROWS][at..at + self.width]
    }

    /// The rows most like a vector, in no order: an approximation that is within 0.01 of the cosine.
    pub(super) fn nearest(&self, vector: &[f32], wanted: usize) -> Vec<usize> {
        let peak = vector.iter().fold(0.0_f32, |m, v| m.max(v.abs()));
        if vector.len() != self.width || !(peak > 0.0 && peak.is_finite()) {
            return Vec::new();
        }
        let query: Zeroizing<Vec<i16>> =
            Zeroizing::new(vector.iter().map(|v| (v / peak * 127.0).round() as i16).collect());
        let mut list = ShortList { wanted, least: f32::NEG_INFINITY, found: Vec::with_capacity(wanted + 1) };
        let (mut sums, mut index) = (Vec::with_capacity(ROWS), 0);
        for (block, scales) in self.blocks.iter().zip(self.scales.chunks(ROWS)) {
            sums.clear();
            products(block, &query, &mut sums);
            for (sum, scale) in sums.iter().zip(scales) {
                list.offer(*sum as f32 * scale, index);
                index += 1;
            }
        }
        list.found.into_iter().map(|(_, index)| index).collect()
    }

    /// Memory of vectors and scales.
    #[cfg(feature = "evaluation")]
    pub(super) fn bytes(&self) -> usize {
        self.blocks.iter().map(|b| b.capacity()).sum::<usize>() + self.scales.capacity() * size_of::<f32>()
    }
}

impl Zeroize for Rows {
    fn zeroize(&mut self) {
        self.blocks.zeroize();
        self.scales.zeroize();
    }
}

struct ShortList {
    wanted: usize,
    least: f32,
    found: Vec<(f32, usize)>,
}

impl ShortList {
    fn offer(&mut self, score: f32, index: usize) {
        // A row of zeros has no direction: its score is no number and loses every comparison.
        if score > self.least {
            self.found.push((score, index));
            if self.found.len() > self.wanted {
                let worst = self.found.iter().enumerate().min_by(|a, b| a.1.0.total_cmp(&b.1.0)).map_or(0, |(i, _)| i);
                self.found.swap_remove(worst);
                self.least = self.found.iter().fold(f32::INFINITY, |m, (s, _)| m.min(*s));
            }
        }
    }
}

/// The scalar product of every row with the query.
fn products(block: &[i8], query: &[i16], sums: &mut Vec<i32>) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is all that this function asks for.
        #[expect(unsafe_code, reason = "the one call of code for a processor that was asked first")]
        return unsafe { products_avx2(block, query, sums) };
    }
    portable(block, query, sums);
}

/// The same source, compiled for 256 bits at once.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn products_avx2(block: &[i8], query: &[i16], sums: &mut Vec<i32>) {
    portable(block, query, sums);
}

#[inline(always)]
fn portable(block: &[i8], query: &[i16], sums: &mut Vec<i32>) {
    for row in block.chunks_exact(query.len()) {
        let (whole, rest) = row.as_chunks::<32>();
        let (query_whole, query_rest) = query.as_chunks::<32>();
        let mut lanes = [0_i32; 32];
        for (a, b) in whole.iter().zip(query_whole) {
            for k in 0..32 {
                lanes[k] += i32::from(i16::from(a[k])) * i32::from(b[k]);
            }
        }
        let tail: i32 = rest.iter().zip(query_rest).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
        sums.push(lanes.iter().sum::<i32>() + tail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: &mut u32) -> i8 {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (*seed >> 24) as i8
    }

    #[test]
    fn every_product_is_exact_whatever_the_processor() {
        let mut seed = 7;
        for width in [1, 31, 32, 33, 128, 200] {
            let block: Vec<i8> = (0..5 * width).map(|_| noise(&mut seed)).collect();
            let query: Vec<i16> = (0..width).map(|_| i16::from(noise(&mut seed))).collect();
            let expected: Vec<i32> = block
                .chunks(width)
                .map(|row| row.iter().zip(&query).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum())
                .collect();
            let (mut any, mut plain) = (Vec::new(), Vec::new());
            products(&block, &query, &mut any);
            portable(&block, &query, &mut plain);
            assert_eq!((any, plain), (expected.clone(), expected), "{width}");
        }
    }

    #[test]
    fn a_row_that_leaves_is_wiped_and_the_last_one_takes_its_place() {
        let mut rows = Rows::new();
        for i in 0..=ROWS {
            assert!(rows.push(&[(i % 100) as i8, 1]));
        }
        assert!(!rows.push(&[1, 2, 3]) && !rows.push(&[]));
        assert_eq!((rows.len(), rows.blocks.len()), (ROWS + 1, 2));
        rows.swap_remove(3);
        assert_eq!((rows.row(3), rows.len(), rows.blocks.len()), (&[(ROWS % 100) as i8, 1][..], ROWS, 1));
        rows.swap_remove(ROWS - 1);
        // Behind the last row nothing of it is left: the block shrank by one row, and its memory holds zeros.
        assert_eq!((rows.len(), rows.blocks[0].len()), (ROWS - 1, 2 * (ROWS - 1)));
        while rows.len() > 0 {
            rows.swap_remove(0);
        }
        assert!(rows.blocks.is_empty() && rows.push(&[1, 2, 3]));
    }
}
