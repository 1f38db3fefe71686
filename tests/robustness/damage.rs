//! Damage to the bytes themselves: wrong wire types, wrong lengths, cuts, flips and noise.

use leakdiff::cli::Exit;

use crate::support::{gzip, run_on};
use crate::{answered, bytes_field, refused, small, varint_field};

/// The small profile with these bytes after it.
fn followed_by(bytes: &[u8]) -> Vec<u8> {
    [&small().encode()[..], bytes].concat()
}

#[test]
fn known_fields_of_another_wire_type() {
    for number in [1, 2, 3, 4, 5, 6, 11] {
        let bytes = followed_by(&varint_field(number, 1));
        refused(&format!("field {number}"), &bytes, &[&format!("field {number} has the wrong wire type")]);
    }
    for number in [7, 8, 9, 10, 12, 14] {
        let bytes = followed_by(&bytes_field(number, b"x"));
        refused(&format!("field {number}"), &bytes, &[&format!("field {number} has the wrong wire type")]);
    }
    for number in 1..=14_u8 {
        let fixed_64 = followed_by(&[&[number << 3 | 1][..], &[0; 8]].concat());
        refused("64 bits", &fixed_64, &[&format!("field {number} has the wrong wire type")]);
        let fixed_32 = followed_by(&[&[number << 3 | 5][..], &[0; 4]].concat());
        refused("32 bits", &fixed_32, &[&format!("field {number} has the wrong wire type")]);
    }
}

#[test]
fn wrong_wire_types_inside_messages() {
    for (number, part) in [(1, "sample type 5"), (3, "mapping 2"), (4, "location 4"), (5, "function 5"), (11, "period")]
    {
        refused(part, &followed_by(&bytes_field(number, &bytes_field(1, b"x"))), &[part]);
    }
    refused("a fixed value", &followed_by(&bytes_field(2, &[2 << 3 | 5, 0, 0, 0, 0])), &["sample 3", "wire type"]);
    refused("a label that is a number", &followed_by(&bytes_field(2, &varint_field(3, 7))), &["sample 3", "wire type"]);
    let label = bytes_field(3, &bytes_field(1, b"x"));
    let values = bytes_field(2, &[0, 0, 0, 0]);
    refused("a label", &followed_by(&bytes_field(2, &[values, label].concat())), &["sample 3: label"]);
}

#[test]
fn groups() {
    refused("start", &followed_by(&[1 << 3 | 3]), &["field 1 is a group"]);
    refused("end", &followed_by(&[20 << 3 | 4, 1]), &["field 20 is a group"]);
    refused("in a sample", &followed_by(&bytes_field(2, &[1 << 3 | 3])), &["sample 3", "wrong wire type"]);
    refused("unknown, in a sample", &followed_by(&bytes_field(2, &[9 << 3 | 3])), &["sample 3", "field 9 is a group"]);
    let deep = bytes_field(4, &vec![9 << 3 | 3; 100_000]);
    refused("nested without end", &followed_by(&deep), &["location 4"]);
}

#[test]
fn errors_say_at_which_byte() {
    let start = small().encode().len();
    let group = &[1 << 3 | 3];
    refused("at once", &followed_by(group), &[&format!("byte {start}: field 1 is a group")]);
    // Field 20, which is unknown: 64 bits, 32 bits, a varint, bytes.
    let unknown = [
        [&[0xa1, 1][..], &[0; 8]].concat(),
        [&[0xa5, 1][..], &[0; 4]].concat(),
        varint_field(20, 300),
        bytes_field(20, b"three"),
    ];
    for field in unknown {
        let bytes = followed_by(&[&field[..], group].concat());
        refused("later", &bytes, &[&format!("byte {}: field 1 is a group", start + field.len())]);
    }
}

#[test]
fn keys_and_varints_that_cannot_be() {
    let too_long = [&[12 << 3][..], &[0xff; 11]].concat();
    refused("a varint of 11 bytes", &followed_by(&too_long), &["varint"]);
    refused("a varint that ends early", &followed_by(&[12 << 3, 0x80]), &["varint"]);
    refused("field 0", &followed_by(&[0, 0]), &["tag"]);
    refused("wire type 7", &followed_by(&[7]), &["wire type"]);
    refused("a key of 10 bytes", &followed_by(&[0xff; 10]), &["not a pprof profile"]);
    let packed = bytes_field(2, &[0xff; 12]);
    refused("packed values", &followed_by(&bytes_field(2, &packed)), &["sample 3", "varint"]);
    refused("packed comments", &followed_by(&bytes_field(13, &[0x80])), &["comment", "varint"]);
}

#[test]
fn lengths_beyond_the_end() {
    for length in [3_u64, 1 << 20, 1 << 32, 1 << 40, 1 << 63, u64::MAX] {
        for number in [1, 2, 4, 6, 99] {
            let mut bytes = bytes_field(number, b"");
            bytes.pop();
            prost::encoding::encode_varint(length, &mut bytes);
            refused("a field", &followed_by(&bytes), &[&format!("field {number} claims {length} bytes")]);
            refused("a gzipped field", &gzip(&followed_by(&bytes)), &[&format!("claims {length} bytes")]);
        }
        let mut inner = vec![1 << 3 | 2];
        prost::encoding::encode_varint(length, &mut inner);
        let words = ["sample 3", &format!("field 1 claims {length} bytes, but only 0 are left")];
        refused("in a sample", &followed_by(&bytes_field(2, &inner)), &words);
        refused(
            "in a location",
            &followed_by(&bytes_field(4, &[&[4 << 3 | 2], &inner[1..]].concat())),
            &["location 4: Location.line: buffer underflow"],
        );
    }
}

#[test]
fn cut_anywhere() {
    let (raw, zipped) = (small().encode(), small().gzip());
    for end in 0..raw.len() {
        answered(&format!("raw, {end} bytes"), &run_on(&[&raw[..end]], &[]));
    }
    for end in 0..zipped.len() {
        let outcome = run_on(&[&zipped[..end]], &[]);
        answered(&format!("gzipped, {end} bytes"), &outcome);
        assert_eq!(outcome.exit, Exit::Error, "a cut gzip stream of {end} bytes is no profile");
    }
}

#[test]
fn any_byte_changed() {
    let (raw, zipped) = (small().encode(), small().gzip());
    for whole in [&raw, &zipped] {
        for at in 0..whole.len() {
            for (turn, change) in [0xff, 0x01, 0x80, whole[at]].into_iter().enumerate() {
                let mut bytes = whole.clone();
                bytes[at] ^= change;
                let args = [&["-n", "0"][..], &["--by", "line", "--format", "json"]][(at + turn) % 2];
                answered(&format!("byte {at} ^ {change:#x}"), &run_on(&[&raw, &bytes], args));
            }
        }
    }
}

#[test]
fn any_byte_left_out_or_doubled() {
    let raw = small().encode();
    for at in 0..raw.len() {
        let without = [&raw[..at], &raw[at + 1..]].concat();
        answered(&format!("without byte {at}"), &run_on(&[&without], &["--format", "markdown"]));
        let doubled = [&raw[..=at], &raw[at..]].concat();
        answered(&format!("byte {at} twice"), &run_on(&[&doubled], &["--format", "csv"]));
    }
}

/// Bytes of a pseudo-random generator (xorshift).
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(&mut next).flatten().take(length).collect()
}

#[test]
fn ten_megabytes_of_noise() {
    for seed in 1..=5 {
        let noise = noise(seed, 10 << 20);
        refused(&format!("seed {seed}"), &noise, &[]);
        refused(&format!("seed {seed} after a profile"), &followed_by(&noise), &[]);
        refused(&format!("seed {seed} after gzip's magic"), &[b"\x1f\x8b\x08", &noise[..]].concat(), &["gzip stream"]);
    }
}

#[test]
fn much_short_noise() {
    for seed in 1..=1000 {
        let noise = noise(seed, seed as usize % 40);
        answered(&format!("seed {seed}"), &run_on(&[&noise], &[]));
        answered(&format!("sample of seed {seed}"), &run_on(&[&followed_by(&bytes_field(2, &noise))], &[]));
        answered(&format!("location of seed {seed}"), &run_on(&[&followed_by(&bytes_field(4, &noise))], &[]));
    }
}
