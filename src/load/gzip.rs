//! A gzip stream of one member or more, and what stands after it.
//!
//! In: compressed bytes. Out: what they decompress to, and whether bytes follow that are no further member.
//! Invariant: a stream that is cut or damaged is an error of the reader; what follows a whole one is passed over, as
//! gunzip does, and remembered; there is an end to members that hold nothing.
//! Knows nothing of profiles.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::bufread::GzDecoder;

/// The first two bytes of a member.
pub(super) const MAGIC: &[u8] = &[0x1f, 0x8b];

/// Bytes of which the first were read ahead.
pub(super) type Bytes = Chain<Cursor<Vec<u8>>, BufReader<Box<dyn Read + Send>>>;

/// Reads the members one after the other.
pub(super) struct Gzip {
    /// `None` at the end.
    member: Option<GzDecoder<Bytes>>,
    has_rest: Arc<AtomicBool>,
    /// How many members have ended since anything was read.
    ended: usize,
}

/// Most members in a row that may hold nothing. Who joins files has few of them.
const MOST_EMPTY: usize = 10_000;

impl Gzip {
    /// Reads `bytes`, which begin with [`MAGIC`]. The flag is set once bytes were met that are no further member.
    pub fn new(bytes: Bytes) -> (Self, Arc<AtomicBool>) {
        let has_rest = Arc::default();
        (Self { member: Some(GzDecoder::new(bytes)), has_rest: Arc::clone(&has_rest), ended: 0 }, has_rest)
    }
}

impl Read for Gzip {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            match member.read(buffer)? {
                0 if !buffer.is_empty() => {}
                count => {
                    self.ended = 0;
                    return Ok(count);
                }
            }
            self.ended += 1;
            if self.ended > MOST_EMPTY {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "the gzip stream goes on without any content"));
            }
            let Some(member) = self.member.take() else { break };
            let (_, mut bytes) = member.into_inner().into_inner();
            let start = read_start(&mut bytes, MAGIC.len())?;
            if start == MAGIC {
                self.member = Some(GzDecoder::new(Cursor::new(start).chain(bytes)));
            } else if !start.is_empty() {
                self.has_rest.store(true, Ordering::Relaxed);
            }
        }
        Ok(0)
    }
}

/// The next `length` bytes, fewer where there are no more. A pipe may hand them over one by one.
pub(super) fn read_start(bytes: &mut impl BufRead, length: usize) -> io::Result<Vec<u8>> {
    let mut start = Vec::with_capacity(length);
    bytes.take(length as u64).read_to_end(&mut start)?;
    Ok(start)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn member(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).expect("a vector has room");
        encoder.finish().expect("a vector has room")
    }

    /// Hands over one byte at a time.
    struct Slow(Cursor<Vec<u8>>);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let one = buffer.len().min(1);
            self.0.read(&mut buffer[..one])
        }
    }

    fn read(bytes: Vec<u8>) -> (io::Result<String>, bool) {
        let slow: Box<dyn Read + Send> = Box::new(Slow(Cursor::new(bytes)));
        let (gzip, has_rest) = Gzip::new(Cursor::new(Vec::new()).chain(BufReader::new(slow)));
        let text = io::read_to_string(gzip);
        (text, has_rest.load(Ordering::Relaxed))
    }

    #[test]
    fn members_are_joined_and_what_follows_is_told() {
        let both = [member("one, "), member(""), member("two")].concat();
        let (text, has_rest) = read(both.clone());
        assert_eq!((text.expect("text").as_str(), has_rest), ("one, two", false));
        for rest in [&b"\n"[..], b"\x1f", b"\0\0\0\0", b"garbage of some length"] {
            let (text, has_rest) = read([&both[..], rest].concat());
            assert_eq!((text.expect("text").as_str(), has_rest), ("one, two", true), "{rest:?}");
        }
    }

    #[test]
    fn members_without_content_come_to_an_end() {
        let empty = member("");
        let few = [member("one"), empty.repeat(MOST_EMPTY - 1), member("two"), empty.repeat(MOST_EMPTY - 1)].concat();
        assert_eq!(read(few).0.expect("text"), "onetwo");
        let endless = [member("one"), empty.repeat(MOST_EMPTY + 1)].concat();
        assert_eq!(read(endless).0.expect_err("endless").kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn a_member_that_is_cut_is_an_error() {
        let both = [member("one"), member("two")].concat();
        for end in [both.len() - 1, both.len() - 9, member("one").len() + 2, 4] {
            assert_eq!(read(both[..end].to_vec()).0.expect_err("cut").kind(), io::ErrorKind::UnexpectedEof, "{end}");
        }
    }
}
