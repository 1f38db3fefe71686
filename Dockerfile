# leakdiff in an image of its own. Untested: this file has never been built.
#   docker build -t leakdiff . && docker run --rm -v "$PWD:/work" leakdiff heap1.out heap2.out
FROM rust:1.95-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends musl-tools && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN target="$(uname -m)-unknown-linux-musl" \
    && rustup target add "$target" \
    && cargo build --release --locked --target "$target" \
    && cp "target/$target/release/leakdiff" /leakdiff

FROM scratch
COPY --from=build /leakdiff /leakdiff
WORKDIR /work
ENTRYPOINT ["/leakdiff"]
