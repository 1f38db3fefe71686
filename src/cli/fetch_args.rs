//! What may be typed wherever an input may be a URL: clap's declarations, and what they come to.
//!
//! In: the options. Out: [`Options`] of the client. Invariant: a secret is read from the environment where the user does not
//! type it.

use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use clap::Args as ClapArgs;

use crate::source::http::Options;
use crate::source::variable;
use crate::units;

use super::Console;
use super::limits::size;

/// The variable that holds the password where `--user` has none.
const PASSWORD: &str = "LEAKDIFF_PASSWORD";

/// The options with a secret in their value.
pub(super) const SECRET: &[&str] = &["--user", "--header", "-H"];

const HEADING: &str = "Inputs that are URLs";

/// How URLs are fetched.
#[derive(Debug, Clone, ClapArgs)]
pub(super) struct FetchArgs {
    /// Send this header to the host that is named, and to no other it redirects to; repeatable
    #[arg(short = 'H', long, value_name = "NAME: VALUE", help_heading = HEADING)]
    pub header: Vec<String>,
    /// Name and password; without a password that of the variable LEAKDIFF_PASSWORD
    #[arg(long, value_name = "NAME[:PASSWORD]", help_heading = HEADING)]
    pub user: Option<String>,
    /// Send the value of this environment variable as bearer token
    #[arg(long, value_name = "VARIABLE", conflicts_with = "user", help_heading = HEADING)]
    pub bearer_env: Option<String>,
    /// Trust the authorities of this PEM file beside those of the system
    #[arg(long, value_name = "FILE", aliases = ["tls_ca", "cacert"], help_heading = HEADING)]
    pub tls_ca: Option<PathBuf>,
    /// Client certificate, a PEM file
    #[arg(long, value_name = "FILE", aliases = ["tls_cert", "cert"], help_heading = HEADING)]
    pub tls_cert: Option<PathBuf>,
    /// Its private key, a PEM file [default: the one in --tls-cert]
    #[arg(long, value_name = "FILE", aliases = ["tls_key", "key"], requires = "tls_cert", help_heading = HEADING)]
    pub tls_key: Option<PathBuf>,
    /// Do not check the certificate of the server
    #[arg(long, help_heading = HEADING)]
    pub insecure: bool,
    /// Do not ask for a garbage collection before a heap (?gc=1), which shows garbage as live
    #[arg(long, help_heading = HEADING)]
    pub no_gc: bool,
    /// Most time for one answer, with all retries: 25s, 2m, or a number of seconds
    #[arg(long, value_name = "TIME", default_value = "25s", help_heading = HEADING)]
    pub timeout: String,
    /// How often to try again where there is no connection or no whole answer
    #[arg(long, value_name = "N", default_value_t = 2, help_heading = HEADING)]
    pub retries: u32,
    /// Most bytes of one answer
    #[arg(long, value_name = "SIZE", default_value = "1GiB", help_heading = HEADING)]
    pub max_download: String,
}

impl FetchArgs {
    /// The options of the client. That the certificate of a server is not checked is said aloud.
    pub fn options(self, console: &mut Console<'_>) -> Result<Options> {
        if self.insecure {
            writeln!(console.stderr, "warning: --insecure: whoever answers is believed; certificates are not checked")?;
        }
        let timeout = units::parse_span(&self.timeout)
            .filter(|time| !time.is_zero())
            .ok_or_else(|| anyhow!("--timeout {}: not a time; write for example 25s or 2m", self.timeout))?;
        Ok(Options {
            headers: self.header.iter().map(|text| header(text)).collect::<Result<_>>()?,
            user: self.user.as_deref().map(user).transpose()?,
            token: self.bearer_env.as_deref().map(token).transpose()?,
            authorities: self.tls_ca,
            certificate: self.tls_cert,
            key: self.tls_key,
            is_insecure: self.insecure,
            collects: !self.no_gc,
            timeout,
            retries: self.retries,
            most_bytes: size("--max-download", &self.max_download)?,
        })
    }
}

/// `NAME: VALUE`, as curl has it. The value is not repeated in an error: it may be secret.
fn header(text: &str) -> Result<(String, String)> {
    let Some((name, value)) = text.split_once(':') else { bail!("--header: write 'NAME: VALUE'") };
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn user(text: &str) -> Result<(String, String)> {
    if let Some((name, password)) = text.split_once(':') {
        return Ok((name.to_owned(), password.to_owned()));
    }
    let password = variable(PASSWORD)
        .ok_or_else(|| anyhow!("--user {text}: no password; write NAME:PASSWORD, or set the variable {PASSWORD}"))?;
    Ok((text.to_owned(), password))
}

fn token(name: &str) -> Result<String> {
    let token = variable(name).filter(|token| !token.trim().is_empty());
    token.ok_or_else(|| anyhow!("--bearer-env {name}: this variable is not set, or empty"))
}
