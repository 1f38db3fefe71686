//! Headless Chromium, driven over the DevTools protocol.
//!
//! In: a page on disk and expressions to evaluate in it. Out: values, screenshots, and what the page did meanwhile:
//! console messages, exceptions, requests. Each browser has a profile directory of its own and ends with its value.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::WebSocket;
use tungstenite::protocol::Message;

const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
];

/// A browser with one page.
pub struct Chrome {
    process: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    next_id: u64,
    /// Console messages, exceptions and log entries.
    pub complaints: Vec<String>,
    /// Addresses that were asked for.
    pub requests: Vec<String>,
    _profile: TempDir,
}

impl Chrome {
    /// Starts a browser: `$CHROMIUM`, else `chromium` in the path. On a build server (`CI=true`) it has to be there.
    pub fn start() -> Option<Self> {
        let program = std::env::var("CHROMIUM").ok().filter(|path| !path.is_empty()).unwrap_or("chromium".to_owned());
        let profile = tempfile::tempdir().expect("a temporary directory");
        let mut command = Command::new(&program);
        command.args(FLAGS).arg(format!("--user-data-dir={}", profile.path().display())).arg("about:blank");
        let Ok(mut process) = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn() else {
            let is_server = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!is_server, "CI=true and no Chromium: install it, or set CHROMIUM=/path/to/chromium");
            eprintln!("skipped: no Chromium; install it, or set CHROMIUM=/path/to/chromium");
            return None;
        };
        let mut lines = BufReader::new(process.stderr.take().expect("piped")).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("DevTools listening on ").map(str::to_owned));
        // Chromium blocks when nobody reads what it says.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let address = address.expect("Chromium says where it listens");
        let host = address.strip_prefix("ws://").and_then(|rest| rest.split('/').next()).expect("an address");
        let stream = TcpStream::connect(host).expect("Chromium listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
        let (socket, _) = tungstenite::client(address.as_str(), stream).expect("a web socket");
        let mut chrome = Self {
            process,
            socket,
            session: String::new(),
            next_id: 0,
            complaints: Vec::new(),
            requests: Vec::new(),
            _profile: profile,
        };
        chrome.attach();
        Some(chrome)
    }

    fn attach(&mut self) {
        let target = self.call("Target.createTarget", json!({"url": "about:blank"}))["targetId"].clone();
        let attached = self.call("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        self.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
        self.size(1280, 800);
    }

    /// Sets the size of the window.
    pub fn size(&mut self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Asks for the dark or the light colour scheme.
    pub fn color_scheme(&mut self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", features);
    }

    /// Opens a file and waits until it is loaded.
    pub fn open(&mut self, path: &Path) {
        let url = format!("file://{}", path.display());
        let answer = self.call("Page.navigate", json!({"url": url}));
        assert!(answer["errorText"].is_null(), "{answer}");
        let started = Instant::now();
        while self.eval("document.readyState + ' ' + location.protocol") != "complete file:" {
            assert!(started.elapsed() < Duration::from_secs(30), "{url} does not load");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The value of an expression.
    #[track_caller]
    pub fn eval(&mut self, expression: &str) -> Value {
        let answer = self.call("Runtime.evaluate", json!({"expression": expression, "returnByValue": true}));
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// The value of an expression that is text.
    #[track_caller]
    pub fn text(&mut self, expression: &str) -> String {
        let value = self.eval(expression);
        value.as_str().unwrap_or_else(|| panic!("{expression}: {value} is not text")).to_owned()
    }

    /// The value of an expression that is a number.
    #[track_caller]
    pub fn number(&mut self, expression: &str) -> f64 {
        let value = self.eval(expression);
        value.as_f64().unwrap_or_else(|| panic!("{expression}: {value} is not a number"))
    }

    /// Moves the mouse to the middle of the element that the expression gives.
    #[track_caller]
    pub fn hover(&mut self, element: &str) -> (f64, f64) {
        let place = self.eval(&format!(
            "(() => {{ const r = ({element}).getBoundingClientRect(); \
             return [r.x + Math.min(r.width / 2, 40), r.y + r.height / 2]; }})()"
        ));
        let (x, y) = (place[0].as_f64().expect("a place"), place[1].as_f64().expect("a place"));
        self.call("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": x, "y": y}));
        (x, y)
    }

    /// Moves the mouse to a point of the window.
    pub fn point(&mut self, x: f64, y: f64) {
        self.call("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": x, "y": y}));
    }

    /// Clicks with the mouse on the element that the expression gives.
    #[track_caller]
    pub fn click(&mut self, element: &str) {
        let (x, y) = self.hover(element);
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Moves the mouse away, so that nothing is hovered.
    pub fn leave(&mut self) {
        self.call("Input.dispatchMouseEvent", json!({"type": "mouseMoved", "x": 1, "y": 1}));
    }

    /// Types text where the focus is.
    pub fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", json!({"text": text}));
    }

    /// Presses a key: its name, its number, and 2 with the control key.
    pub fn key(&mut self, key: &str, code: u32, modifiers: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers});
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Takes a picture of the window.
    pub fn screenshot(&mut self, path: &Path) {
        let answer = self.call("Page.captureScreenshot", json!({"format": "png"}));
        let png = base64(answer["data"].as_str().expect("a picture"));
        assert!(png.starts_with(b"\x89PNG"));
        std::fs::write(path, png).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Prints the page to a PDF.
    pub fn pdf(&mut self, path: &Path) {
        let answer = self.call("Page.printToPDF", json!({"printBackground": false}));
        let pdf = base64(answer["data"].as_str().expect("a document"));
        assert!(pdf.starts_with(b"%PDF"));
        std::fs::write(path, pdf).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Nothing was complained about, and nothing but files on disk was asked for.
    #[track_caller]
    pub fn assert_quiet(&mut self) {
        self.eval("0");
        assert_eq!(self.complaints, Vec::<String>::new());
        assert!(!self.requests.is_empty(), "requests are seen");
        let foreign: Vec<&String> = self.requests.iter().filter(|url| !url.starts_with("file://")).collect();
        assert!(foreign.is_empty(), "{foreign:?}");
    }

    #[track_caller]
    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        let mut message = json!({"id": id, "method": method, "params": parameters});
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        self.socket.send(Message::text(message.to_string())).expect("Chromium is there");
        loop {
            let message = match self.socket.read() {
                Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                message => message.expect("Chromium answers"),
            };
            let Message::Text(text) = message else { continue };
            let answer: Value = serde_json::from_str(&text).expect("JSON");
            if answer["id"] == id {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.notice(&answer);
        }
    }

    fn notice(&mut self, event: &Value) {
        let parameters = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Runtime.consoleAPICalled" => self.complaints.push(parameters["args"].to_string()),
            "Runtime.exceptionThrown" => self.complaints.push(parameters["exceptionDetails"].to_string()),
            "Log.entryAdded" => self.complaints.push(parameters["entry"].to_string()),
            "Network.requestWillBeSent" => {
                let url = parameters["request"]["url"].as_str().unwrap_or_default();
                self.requests.push(url.to_owned());
            }
            _ => {}
        }
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        // It may have gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The bytes of a base64 text.
fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'=').map(digit).collect();
    let group = |group: &[u8]| {
        let bits = group.iter().fold(0_u32, |bits, digit| bits << 6 | u32::from(*digit)) << (6 * (4 - group.len()));
        bits.to_be_bytes()[1..group.len()].to_vec()
    };
    digits.chunks(4).flat_map(group).collect()
}

#[test]
fn base64_is_read() {
    assert_eq!([base64("TWFu"), base64("TWE="), base64("TQ==")], [b"Man".to_vec(), b"Ma".to_vec(), b"M".to_vec()]);
}
