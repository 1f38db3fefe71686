//! A repository of the fixture service `fixtures/gate`, with its changes as branches, and a load test.
//!
//! In: the service and its patches. Out: a git repository in a directory of its own, built with the installed Go.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::{Files, fixture};

/// The load: enough orders that the change of `regressed.patch` is a fifth of what is kept.
const LOAD: &str = "\
\"$LOADGEN\" -base \"$1\" -c 1 'POST /v1/catalog/mill:1'
\"$LOADGEN\" -base \"$1\" -epoch 1 'POST /v1/orders 2000:2000' 'POST /v1/orders 3500:2000' \
'POST /v1/orders 3900:2000' 'POST /v1/orders 7000:2000'";

/// The repository. Its branch `main` is the service as it is; other branches have one change more.
pub struct Shop {
    files: Files,
    path: String,
}

impl Shop {
    /// Makes it, where git, curl and Go are installed. On a build server (`CI=true`) they have to be.
    pub fn new() -> Option<Self> {
        let go = std::env::var("GO").ok().filter(|go| !go.is_empty()).unwrap_or_else(|| "go".to_owned());
        let runs = |program: &str, argument: &str| {
            let output = Command::new(program).arg(argument).env("GOTOOLCHAIN", "local").output();
            output.is_ok_and(|output| output.status.success())
        };
        let missing = [(go.as_str(), "version"), ("git", "--version"), ("curl", "--version")]
            .into_iter()
            .find(|(program, argument)| !runs(program, argument));
        if let Some((program, _)) = missing {
            let is_server = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!is_server, "CI=true and no {program}: for Go set GO=/path/to/go, or put go in the path");
            eprintln!("skipped: no {program}; for Go set GO=/path/to/go, or put go in the path");
            return None;
        }
        let beside = [Path::new(&go), Path::new(env!("CARGO_BIN_EXE_leakdiff"))];
        let folders = beside.iter().filter_map(|program| program.parent()).filter(|folder| folder.is_dir());
        let known = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(folders.map(PathBuf::from).chain(std::env::split_paths(&known)));
        let path = path.expect("a path").into_string().expect("a UTF-8 path");
        let shop = Self { files: Files::new(), path };
        shop.fill();
        Some(shop)
    }

    fn fill(&self) {
        let source = fixture("");
        std::fs::create_dir(self.folder()).expect("a directory");
        self.sh(&format!(
            "cp -R '{source}/go.mod' '{source}/internal' '{source}/gate' . && rm -rf gate/runs gate/pairs"
        ));
        self.sh("git init -q -b main . && git add . && git commit -q -m 'The shop'");
        for change in ["regressed", "moved", "leaky"] {
            self.sh(&format!("git checkout -q -b {change} main && git apply gate/{change}.patch"));
            if change == "regressed" {
                self.widen();
            }
            self.sh("git add . && git commit -q -m 'A change'");
        }
        self.sh(&format!("go build -o '{}' ./internal/loadgen", self.files.path("loadgen")));
        self.files.write("load.sh", format!("#!/bin/sh\nset -e\n{LOAD}\n"));
        self.sh("chmod +x ../load.sh");
    }

    /// Makes the regression three times as large: what is recorded here is another sample every time, and has to show it.
    fn widen(&self) {
        let path = self.path("gate/orders/order.go");
        let source = std::fs::read_to_string(&path).expect("the source");
        let carrier = "\tCarrier  *shipping.Carrier\n";
        assert!(source.contains(carrier), "{source}");
        let wider = source.replace(carrier, &format!("{carrier}\tRoute    [8]int64\n"));
        std::fs::write(path, wider).expect("the source can be changed");
    }

    /// The path of a file in the repository.
    pub fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder())
    }

    fn folder(&self) -> String {
        self.files.path("shop")
    }

    /// Runs a shell script in the repository, as a build job would: with leakdiff, Go, git and curl in the path, and the
    /// variables of the recipe.
    pub fn run(&self, script: &str) -> Output {
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let mut command = Command::new("sh");
        command.arg("-c").arg(script).current_dir(self.folder()).env("PATH", &self.path);
        command.envs([("GOTOOLCHAIN", "local"), ("GOFLAGS", "-mod=mod"), ("GOPROXY", "off"), ("GODEBUG", "")]);
        command.envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")]);
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "shop").env(format!("GIT_{role}_EMAIL"), "shop@example.com");
        }
        command.env("BASE_REF", "main").env("PACKAGE", "./gate").env("ADDRESS", format!("127.0.0.1:{port}"));
        command.env("LOAD", self.files.path("load.sh")).env("LOADGEN", self.files.path("loadgen"));
        command.output().expect("a shell")
    }

    /// As [`Shop::run`]; it must succeed.
    #[track_caller]
    pub fn sh(&self, script: &str) {
        let output = self.run(script);
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
