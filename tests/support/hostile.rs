//! A server that does what servers should not, by the path that is asked for, and one that remembers what it was sent.
//!
//! Written on plain sockets: no library would send such answers.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::{fixture, gzip};

/// A server on a port of this machine, as long as the test runs.
pub struct Hostile {
    port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Hostile {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, count) = (Arc::clone(&requests), Arc::new(AtomicUsize::new(0)));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, count) = (Arc::clone(&seen), Arc::clone(&count));
                // Whoever has heard enough hangs up: an error of the socket is no failure of the test.
                thread::spawn(move || answer(stream, &seen, &count));
            }
        });
        Self { port, requests }
    }

    /// The URL of a path on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The requests so far, headers and all, in lower case.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no panic").clone()
    }
}

fn answer(mut stream: TcpStream, seen: &Mutex<Vec<String>>, count: &AtomicUsize) -> std::io::Result<()> {
    let request = read_request(&mut stream)?;
    seen.lock().expect("no panic").push(request.to_lowercase());
    let target = request.split(' ').nth(1).unwrap_or("/").to_owned();
    let path = target.split('?').next().unwrap_or_default().trim_start_matches('/');
    match path.split_once('/').unwrap_or((path, "")) {
        ("slow", _) => thread::sleep(Duration::from_secs(60)),
        ("drip", _) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")?;
            loop {
                stream.write_all(b"x")?;
                thread::sleep(Duration::from_millis(100));
            }
        }
        ("endless", _) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                stream.write_all(&[0x1f; 8192])?;
            }
        }
        ("endless-headers", _) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
            loop {
                stream.write_all(b"X-More: and more\r\n")?;
            }
        }
        ("truncated", _) => {
            let heap = heap();
            let half = &heap[..heap.len() / 2];
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", heap.len())?;
            stream.write_all(half)?;
        }
        // What was meant is longer: the rest is no part of the answer.
        ("wrong-length", _) => {
            let heap = heap();
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", heap.len() / 2)?;
            stream.write_all(&heap)?;
        }
        ("loop", number) => redirect(&mut stream, &format!("/loop/{}", number.len()))?,
        ("to", rest) => redirect(&mut stream, &rest.replacen(':', "://", 1))?,
        ("401", _) => respond(&mut stream, "401 Unauthorized", b"\r\n  no entry without a badge  \nsecond line\n")?,
        ("500", _) => respond(&mut stream, "500 Internal Server Error", b"it broke\n\x1b[31mred")?,
        ("204", _) => respond(&mut stream, "204 No Content", b"")?,
        ("empty", _) => respond(&mut stream, "200 OK", b"")?,
        ("html", _) => respond(&mut stream, "200 OK", b"<!DOCTYPE html><html><title>Sign in</title></html>")?,
        ("bomb", _) => respond(&mut stream, "200 OK", &bomb())?,
        ("no-http", _) => stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n")?,
        ("busy", _) if count.fetch_add(1, Ordering::Relaxed) < 2 => {
            respond(&mut stream, "503 Service Unavailable", b"starting")?;
        }
        ("hangs-up", _) if count.fetch_add(1, Ordering::Relaxed) < 2 => {}
        _ => respond(&mut stream, "200 OK", &heap())?,
    }
    Ok(())
}

fn read_request(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut byte = [0; 1];
    while !bytes.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? > 0 {
        bytes.extend(byte);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn redirect(stream: &mut TcpStream, to: &str) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn respond(stream: &mut TcpStream, status: &str, body: &[u8]) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len())?;
    stream.write_all(body)
}

/// A heap that is one.
fn heap() -> Vec<u8> {
    std::fs::read(fixture("timers/heap3.pb.gz")).expect("a fixture")
}

/// A profile whose one string is as long as 256 MiB of zeros.
fn bomb() -> Vec<u8> {
    const LENGTH: usize = 256 << 20;
    let mut profile = vec![0x32];
    let mut rest = LENGTH;
    while rest >= 0x80 {
        profile.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    profile.push(rest as u8);
    profile.resize(profile.len() + LENGTH, 0);
    gzip(&profile)
}
