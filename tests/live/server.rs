//! The Go service of `fixtures/live`, built and running.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// A running service, which ends with the test.
pub struct Server {
    child: Child,
    addresses: BTreeMap<String, String>,
    certificates: TempDir,
}

/// The executable, built once; `None` without Go. On a build server (`CI=true`) it has to be there.
fn executable() -> Option<&'static PathBuf> {
    static BUILT: OnceLock<Option<(TempDir, PathBuf)>> = OnceLock::new();
    BUILT.get_or_init(build).as_ref().map(|(_, path)| path)
}

fn build() -> Option<(TempDir, PathBuf)> {
    let go = std::env::var("GO").ok().filter(|go| !go.is_empty()).unwrap_or_else(|| "go".to_owned());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("service");
    let mut command = Command::new(&go);
    command.args(["build", "-trimpath", "-o"]).arg(&path).arg("./live").current_dir(crate::support::fixture(""));
    command.env("GOTOOLCHAIN", "local").env("GOFLAGS", "-mod=mod").env("GOPROXY", "off");
    match command.output() {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Some((folder, path))
        }
        Err(_) => {
            let is_server = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!is_server, "CI=true and no Go: set GO=/path/to/go, or put go in the path");
            eprintln!("skipped: no Go to build a service with; set GO=/path/to/go, or put go in the path");
            None
        }
    }
}

impl Server {
    /// One for all tests that only look at it.
    pub fn shared() -> Option<&'static Server> {
        static SHARED: OnceLock<Option<Server>> = OnceLock::new();
        SHARED.get_or_init(|| Server::start(&["-every", "20ms", "-most", "1000000"])).as_ref()
    }

    /// One of its own.
    pub fn start(args: &[&str]) -> Option<Server> {
        let certificates = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(executable()?);
        command.arg("-attached").arg("-certs").arg(certificates.path()).args(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a service");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut addresses = BTreeMap::new();
        for line in lines {
            let line = line.expect("text");
            let (name, address) = line.split_once(' ').expect("a name and an address");
            if name == "ready" {
                return Some(Self { child, addresses, certificates });
            }
            addresses.insert(name.to_owned(), address.to_owned());
        }
        panic!("the service ended: {:?}", child.wait());
    }

    /// `127.0.0.1:PORT` of one of its ways.
    pub fn address(&self, name: &str) -> &str {
        &self.addresses[name]
    }

    /// The path of `ca.pem`, `client.pem` or `client-key.pem`.
    pub fn certificate(&self, name: &str) -> String {
        self.certificates.path().join(name).to_str().expect("UTF-8").to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
