//! The files of a run: what is opened is remembered, so that nothing that was read is written over.
//!
//! In: what the user named. Out: inputs with a label, and small texts.
//! Invariant: a regular file is opened when its turn comes, so that any number of them needs few handles; everything is
//! read through a limit; one that changes while it is read is an error. Nothing is interpreted.

#[cfg(feature = "http")]
use std::cell::OnceCell;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::load::Input;
use crate::model::called;

#[cfg(feature = "http")]
use super::http::{Client, Options};
use super::{Error, HEAP, Location, Url};

/// Most bytes of a text that people write by hand: a configuration, suppressions, the manifest of a module.
pub const LONGEST_TEXT: u64 = 16 << 20;

/// The files that a run reads, and its standard input.
pub struct Files {
    /// `None` once it was named.
    stdin: RefCell<Option<Box<dyn Read + Send>>>,
    read: RefCell<BTreeSet<Identity>>,
    /// How URLs are fetched, and what fetches them.
    #[cfg(feature = "http")]
    options: RefCell<Options>,
    #[cfg(feature = "http")]
    client: OnceCell<Client>,
}

/// What tells a file from all others, whatever links lead to it: device and number.
#[cfg(unix)]
type Identity = (u64, u64);
/// What tells a file from all others.
#[cfg(not(unix))]
type Identity = PathBuf;

impl Files {
    /// No file was read yet.
    pub fn new(stdin: Box<dyn Read + Send>) -> Self {
        Self {
            stdin: RefCell::new(Some(stdin)),
            read: RefCell::default(),
            #[cfg(feature = "http")]
            options: RefCell::default(),
            #[cfg(feature = "http")]
            client: OnceCell::new(),
        }
    }

    /// Says how URLs are fetched: before the first of them.
    #[cfg(feature = "http")]
    pub fn fetch_with(&self, options: Options) {
        *self.options.borrow_mut() = options;
    }

    /// What fetches URLs, made when it is needed first.
    ///
    /// # Errors
    /// Those of [`Client::new`].
    #[cfg(feature = "http")]
    pub fn client(&self) -> Result<&Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let options = self.options.borrow().clone();
        let client = Client::new(options, self)?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Opens all inputs, `-` being standard input. Files are read while they are decoded, URLs fetched side by side before.
    ///
    /// # Errors
    /// The first input that cannot be opened.
    pub fn open_all(&self, locations: &[Location]) -> Result<Vec<Input>, Error> {
        self.open_as(HEAP, locations)
    }

    /// As [`Files::open_all`], where a URL that names no profile means that of this name.
    ///
    /// # Errors
    /// The first input that cannot be opened.
    pub fn open_as(&self, profile: &'static str, locations: &[Location]) -> Result<Vec<Input>, Error> {
        let fetched = self.fetch_all(profile, locations)?;
        let open = |(location, fetched): (&Location, Option<Input>)| fetched.map_or_else(|| self.open(location), Ok);
        locations.iter().zip(fetched).map(open).collect()
    }

    /// Those of the inputs that are URLs.
    #[cfg(feature = "http")]
    fn fetch_all(&self, profile: &'static str, locations: &[Location]) -> Result<Vec<Option<Input>>, Error> {
        /// As many connections as a proxy or a name server takes without complaint.
        const AT_ONCE: usize = 16;
        let mut inputs = Vec::with_capacity(locations.len());
        for some in locations.chunks(AT_ONCE) {
            let urls: Vec<Option<Url>> = some.iter().map(Location::url).collect();
            if urls.iter().all(Option::is_none) {
                inputs.extend(some.iter().map(|_| None));
                continue;
            }
            let client = self.client()?;
            let fetched = std::thread::scope(|scope| {
                let fetch = |(location, url): (&'_ Location, Option<Url>)| {
                    let location = location.clone();
                    url.map(|url| scope.spawn(move || fetch(client, profile, &location, url)))
                };
                let started: Vec<_> = some.iter().zip(urls).map(fetch).collect();
                let end = |started: std::thread::ScopedJoinHandle<'_, _>| {
                    started.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                };
                started.into_iter().map(|started| started.map(end).transpose()).collect::<Result<Vec<_>, _>>()
            })?;
            inputs.extend(fetched);
        }
        Ok(inputs)
    }

    /// None of the inputs: this build fetches no URLs.
    #[cfg(not(feature = "http"))]
    fn fetch_all(&self, _: &'static str, locations: &[Location]) -> Result<Vec<Option<Input>>, Error> {
        Ok(locations.iter().map(|_| None).collect())
    }

    fn open(&self, location: &Location) -> Result<Input, Error> {
        let Location { label, path } = location;
        let text = path.display().to_string();
        if location.is_stdin() {
            let content = self.stdin.take().ok_or(Error::StdinTwice)?;
            let label = if label == "-" { "stdin".to_owned() } else { label.clone() };
            // The shell may have made it a file.
            let shell = Path::new("/dev/stdin");
            if let Ok(metadata) = fs::metadata(shell) {
                self.remember(shell, &metadata);
            }
            return Ok(Input { label, path: text, content });
        }
        let input = called(label, &text);
        match File::open(path).and_then(|file| file.metadata().map(|metadata| (file, metadata))) {
            Ok((_, metadata)) if metadata.is_dir() => Err(Error::Directory { input }),
            Ok((_, metadata)) if metadata.is_file() => {
                self.remember(path, &metadata);
                Ok(Input { label: label.clone(), path: text, content: Box::new(Unchanged::new(path, &metadata)) })
            }
            // A pipe can be opened only once.
            Ok((file, _)) => Ok(Input { label: label.clone(), path: text, content: Box::new(file) }),
            Err(_) if Url::named(&text).is_some() => Err(Error::Url { url: text }),
            Err(cause) => Err(Error::Unreadable { input, cause }),
        }
    }

    /// The text of a file of at most `limit` bytes; `None` when there is no such file.
    ///
    /// # Errors
    /// When it is there and cannot be read, is longer, or is not text.
    pub fn text(&self, path: &Path, limit: u64) -> Result<Option<String>, Error> {
        let input = || path.display().to_string();
        let Some(bytes) = self.start(path, limit.saturating_add(1))? else { return Ok(None) };
        if bytes.len() as u64 > limit {
            return Err(Error::TooLong { input: input(), limit });
        }
        String::from_utf8(bytes).map(Some).map_err(|_| Error::NotText { input: input() })
    }

    /// The first bytes of a file, `length` of them where it has as many; `None` when there is no such file.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn start(&self, path: &Path, length: u64) -> Result<Option<Vec<u8>>, Error> {
        let input = || path.display().to_string();
        let unreadable = |cause| Error::Unreadable { input: input(), cause };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(unreadable(cause)),
        };
        let metadata = file.metadata().map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(Error::Directory { input: input() });
        }
        self.remember(path, &metadata);
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes).map_err(unreadable)?;
        Ok(Some(bytes))
    }

    /// The bytes of a regular file of at most `limit` bytes; `None` where there is none that can be read.
    pub(super) fn small(&self, path: &Path, limit: u64) -> Option<Vec<u8>> {
        // Asked before it is opened: to open a pipe is to wait for who writes to it.
        let metadata = fs::metadata(path).ok()?;
        if !metadata.is_file() || metadata.len() > limit {
            return None;
        }
        let mut bytes = Vec::new();
        File::open(path).ok()?.take(limit).read_to_end(&mut bytes).ok()?;
        self.remember(path, &metadata);
        Some(bytes)
    }

    /// A regular file, opened; `None` where there is none that can be read.
    pub(super) fn regular(&self, path: &Path) -> Option<File> {
        // Asked before it is opened: to open a pipe is to wait for who writes to it.
        let metadata = fs::metadata(path).ok()?;
        let file = metadata.is_file().then(|| File::open(path).ok()).flatten()?;
        self.remember(path, &metadata);
        Some(file)
    }

    /// Whether this path, through whatever links, is a file that was read. Devices and pipes never are.
    pub fn were_read(&self, path: &Path) -> bool {
        let identity = fs::metadata(path).ok().and_then(|metadata| identity(path, &metadata));
        identity.is_some_and(|identity| self.read.borrow().contains(&identity))
    }

    fn remember(&self, path: &Path, metadata: &Metadata) {
        self.read.borrow_mut().extend(identity(path, metadata));
    }
}

/// Whether two paths, through whatever links, lead to one regular file.
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    let identity = |path: &Path| identity(path, &fs::metadata(path).ok()?);
    identity(a).is_some_and(|a| identity(b) == Some(a))
}

/// What a regular file is told by.
#[cfg(unix)]
fn identity(_: &Path, metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    metadata.is_file().then(|| (metadata.dev(), metadata.ino()))
}

/// What a regular file is told by.
#[cfg(not(unix))]
fn identity(path: &Path, metadata: &Metadata) -> Option<Identity> {
    metadata.is_file().then(|| fs::canonicalize(path).ok()).flatten()
}

/// Fetches one input. Without a label it is called by its URL.
#[cfg(feature = "http")]
fn fetch(client: &Client, profile: &str, location: &Location, url: Url) -> Result<Input, Error> {
    let named = location.path.display().to_string();
    let url = url.profile(profile, client.options().collects);
    let bytes = client.get(&url).map_err(|error| error.of_bare(&named))?;
    let path = url.to_string();
    let label = if location.label == named { path.clone() } else { location.label.clone() };
    Ok(Input { label, path, content: Box::new(io::Cursor::new(bytes)) })
}

/// A regular file, opened with the first read, closed at its end, and the same from beginning to end.
struct Unchanged {
    path: PathBuf,
    file: Option<File>,
    state: State,
}

/// What a change of a file shows in: its length and when it was written last.
type State = (u64, Option<SystemTime>);

impl Unchanged {
    fn new(path: &Path, metadata: &Metadata) -> Self {
        Self { path: path.to_owned(), file: None, state: state(metadata) }
    }

    fn check(&self, file: &File) -> io::Result<()> {
        if state(&file.metadata()?) == self.state {
            return Ok(());
        }
        Err(io::Error::other("the file changed while it was read; try again when it is complete"))
    }
}

fn state(metadata: &Metadata) -> State {
    (metadata.len(), metadata.modified().ok())
}

impl Read for Unchanged {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(File::open(&self.path)?),
        };
        let count = file.read(buffer)?;
        if count == 0
            && !buffer.is_empty()
            && let Some(file) = &self.file
        {
            self.check(file)?;
        }
        Ok(count)
    }
}
