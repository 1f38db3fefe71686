//! Text in UTF-16, which PowerShell's `>` writes, as UTF-8.
//!
//! In: bytes after the byte order mark. Out: the same text in UTF-8; what is not UTF-16 becomes a byte that is not UTF-8
//! either, so that it is noticed as such. Knows nothing of profiles.

use std::io::{self, Read};

/// Reads UTF-16 as UTF-8.
pub(super) struct Utf16<R> {
    bytes: R,
    order: fn([u8; 2]) -> u16,
    /// A first byte without its second, and a first surrogate without its second.
    byte: Option<u8>,
    high: Option<u16>,
    text: Vec<u8>,
    /// How much of `text` was handed over.
    start: usize,
}

/// A byte that stands nowhere in UTF-8.
const INVALID: u8 = 0xff;
const BLOCK: usize = 16 << 10;

impl<R: Read> Utf16<R> {
    /// Reads `bytes`, two of which make a unit in the given order: `u16::from_le_bytes` or `u16::from_be_bytes`.
    pub fn new(bytes: R, order: fn([u8; 2]) -> u16) -> Self {
        Self { bytes, order, byte: None, high: None, text: Vec::new(), start: 0 }
    }

    /// Decodes one more block; says whether there was one.
    #[expect(clippy::indexing_slicing, reason = "what a reader returns is at most what was asked for")]
    fn fill(&mut self) -> io::Result<bool> {
        let mut block = [0; BLOCK];
        let count = self.bytes.read(&mut block)?;
        self.text.clear();
        self.start = 0;
        for byte in &block[..count] {
            match self.byte.take() {
                None => self.byte = Some(*byte),
                Some(first) => self.push((self.order)([first, *byte])),
            }
        }
        if count == 0 && (self.byte.take().is_some() || self.high.take().is_some()) {
            self.text.push(INVALID);
        }
        Ok(!self.text.is_empty() || count > 0)
    }

    fn push(&mut self, unit: u16) {
        let high = self.high.take();
        if high.is_none() && (0xd800..0xdc00).contains(&unit) {
            self.high = Some(unit);
            return;
        }
        for decoded in char::decode_utf16(high.into_iter().chain([unit])) {
            match decoded {
                Ok(character) => self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(_) => self.text.push(INVALID),
            }
        }
    }
}

impl<R: Read> Read for Utf16<R> {
    #[expect(clippy::indexing_slicing, reason = "what a reader returns is at most what was asked for")]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.start == self.text.len() {
            if !self.fill()? {
                return Ok(0);
            }
        }
        let count = (&self.text[self.start..]).read(buffer)?;
        self.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], order: fn([u8; 2]) -> u16) -> Vec<u8> {
        let mut text = Vec::new();
        Utf16::new(bytes, order).read_to_end(&mut text).expect("text");
        text
    }

    #[test]
    fn both_orders_of_all_characters() {
        let text = "heap profile: ö ￿ 😀\r\n".repeat(3000);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(read(&little, u16::from_le_bytes) == text.as_bytes());
        assert!(read(&big, u16::from_be_bytes) == text.as_bytes());
    }

    #[test]
    fn characters_may_be_cut_wherever_a_block_ends() {
        /// Gives a byte at a time.
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                let most = buffer.len().min(1);
                (&mut self.0).read(&mut buffer[..most])
            }
        }
        let bytes: Vec<u8> = "ö😀x".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut text = String::new();
        Utf16::new(Slow(&bytes), u16::from_le_bytes).read_to_string(&mut text).expect("text");
        assert_eq!(text, "ö😀x");
    }

    #[test]
    fn what_is_no_utf16_is_no_utf8() {
        let units = |units: &[u16]| units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>();
        for (bytes, expected) in [
            (units(&[0xd83d, 0x61]), &b"\xffa"[..]),
            (units(&[0xdc00, 0x61]), b"\xffa"),
            (units(&[0x61, 0xd83d]), b"a\xff"),
            (vec![0x61, 0, 0x62], b"a\xff"),
        ] {
            assert_eq!(read(&bytes, u16::from_le_bytes), expected, "{bytes:?}");
        }
    }
}
