//! The formats of a verdict: each is written from the same few verdicts, compared with what was last looked at, and read
//! by someone we did not write: the schema of SARIF, the JUnit reader of quick-junit, a Markdown parser.

mod checkout;
mod command_line;
mod github;
mod gitlab;
mod goldens;
mod hostile;
mod junit;
mod markdown;
mod sarif;
mod schema;
mod world;

use leakdiff::report::{FORMATS, Report, Style};

/// The report in a format.
#[track_caller]
pub fn render(format: &str, report: &Report) -> String {
    let format = FORMATS.iter().find(|known| known.name == format).expect("a format of this name");
    let mut out = Vec::new();
    (format.write)(report, &Style::default(), &mut out).expect("writing to memory");
    String::from_utf8(out).expect("output is UTF-8")
}
