//! A pair that a real Go program records: some hundred thousand stacks, with every allocation sampled.
//!
//! In: a Go toolchain (`GO`). Out: two heap profiles, made on first use and kept beside the build. The program is generated:
//! functions that call each other at random and allocate through the standard library.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const FUNCTIONS: u64 = 3500;

const HEAD: &str = r#"package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"runtime/pprof"
	"sort"
	"strings"
)

type record struct {
	ID   int
	Name string
	Tags []string
}

var (
	kept  []any
	index = map[string]*record{}
	sink  any
)

func keep(r *rand.Rand, v any) {
	if r.Intn(4) == 0 {
		kept = append(kept, v)
	} else {
		sink = v
	}
}

func snapshot(name string) {
	runtime.GC()
	runtime.GC()
	file, err := os.Create(name)
	if err == nil {
		err = pprof.Lookup("heap").WriteTo(file, 0)
	}
	if err != nil {
		panic(err)
	}
	file.Close()
}

func work(r *rand.Rand, times int) {
	for i := 0; i < times; i++ {
		f0(3+r.Intn(20), r)
	}
}

func main() {
	runtime.MemProfileRate = 1
	r := rand.New(rand.NewSource(1))
	work(r, 150000)
	snapshot(os.Args[1])
	work(r, 30000)
	snapshot(os.Args[2])
}
"#;

/// What functions do in the end.
const ALLOCATIONS: &[&str] = &[
    "b, _ := json.Marshal(&record{ID: d, Name: \"x\", Tags: []string{\"a\", \"b\"}})\n\tkeep(r, b)",
    "keep(r, fmt.Sprintf(\"%d-%s-%v\", d, \"abc\", r.Intn(1000)))",
    "var b bytes.Buffer\n\tb.WriteString(strings.Repeat(\"z\", 64+r.Intn(512)))\n\tkeep(r, b.Bytes())",
    "x := make([]int, 10+r.Intn(50))\n\tsort.Slice(x, func(i, j int) bool { return x[i] < x[j] })\n\tkeep(r, x)",
    "k := fmt.Sprint(r.Intn(100000))\n\tindex[k] = &record{ID: d, Name: k}",
    "keep(r, strings.Split(\"a,b,c,d,e\", \",\"))",
];

/// The pair; `None` where there is no Go.
pub fn recorded() -> Option<[PathBuf; 2]> {
    let go = std::env::var_os("GO")?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("speed/service");
    let pair = [folder.join("1.pb.gz"), folder.join("2.pb.gz")];
    if pair.iter().all(|path| path.exists()) {
        return Some(pair);
    }
    std::fs::create_dir_all(&folder).expect("the build folder is writable");
    std::fs::write(folder.join("main.go"), source()).expect("the program can be written");
    std::fs::write(folder.join("go.mod"), "module example.com/service\n\ngo 1.22\n").expect("it can be written");
    let run = |command: &mut Command| assert!(command.status().expect("it starts").success(), "{command:?} failed");
    run(Command::new(go)
        .args(["build", "-trimpath", "-o", "service", "."])
        .env("GOTOOLCHAIN", "local")
        .current_dir(&folder));
    run(Command::new(folder.join("service")).args(&pair));
    Some(pair)
}

fn source() -> String {
    let mut source = HEAD.to_owned();
    let mut state = 7_u64;
    let mut below = |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    for (number, allocation) in ALLOCATIONS.iter().enumerate() {
        write!(source, "\n//go:noinline\nfunc g{number}(d int, r *rand.Rand) {{\n\t{allocation}\n}}\n").expect("text");
    }
    for number in 0..FUNCTIONS {
        let last = below(ALLOCATIONS.len() as u64);
        write!(source, "\n//go:noinline\nfunc f{number}(d int, r *rand.Rand) {{\n\tif d <= 0 {{\n\t\tg{last}(d, r)\n\t\treturn\n\t}}\n\tswitch r.Intn(4) {{\n").expect("text");
        for case in 0..4 {
            write!(source, "\tcase {case}:\n\t\tf{}(d-1, r)\n", below(FUNCTIONS)).expect("text");
        }
        source.push_str("\t}\n}\n");
    }
    source
}
