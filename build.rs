//! Compiles `proto/profile.proto` to Rust with `protox`, so that no system `protoc` is needed.
//! In: the schema. Out: `$OUT_DIR/perftools.profiles.rs`, included by `src/load/proto.rs`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto/profile.proto");
    let descriptors = protox::compile(["proto/profile.proto"], ["proto"])?;
    prost_build::Config::new().compile_fds(descriptors)?;
    Ok(())
}
