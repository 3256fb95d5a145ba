//! Why there is no answer at all. The words are those of stock's results, which scripts look for.
//! Must not know modules.

use std::io;

use crate::files::failure::errno_text;

/// What Python says when `ciphers` choose nothing.
const CIPHERS: &str = "('No cipher can be selected.',)";

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Not a URL.
    #[error("unknown url type: {}", nafal_base::value::string_repr(.0))]
    UnknownType(String),
    /// A URL of a kind that can't be fetched.
    #[error("Request failed: <urlopen error unknown url type: {0}>")]
    UnknownScheme(String),
    /// A kind that stock can fetch and nafal can't.
    #[error("{0} URLs are not built yet in nafal")]
    Unbuilt(String),
    /// A URL with characters that can't be sent.
    #[error(
        "An unknown error occurred: URL can't contain control characters. {} (found at least {})",
        nafal_base::value::string_repr(target), nafal_base::value::string_repr(&found.to_string())
    )]
    Characters {
        /// Path and query.
        target: String,
        /// One that can't be sent.
        found: char,
    },
    /// No connection, or none that can be trusted.
    #[error("Request failed: <urlopen error {0}>")]
    Connect(String),
    /// The connection broke.
    #[error("Connection failure: {0}")]
    Broken(String),
    /// What urllib's ValueError says.
    #[error("{0}")]
    Value(String),
    /// `ciphers` that choose nothing.
    #[error("Connection failure: {CIPHERS}")]
    Ciphers,
    /// GSSAPI, which stock leaves to a Python library.
    #[error(
        "Failed to import the required Python library (gssapi) on {host}'s Python {python}. \
         This is required for use_gssapi=True. See https://pypi.org/project/gssapi/ for more info. \
         Please read the module documentation and install it in the appropriate location. If the \
         required library is installed, but Ansible is using the wrong Python interpreter, please \
         consult the documentation on ansible_python_interpreter"
    )]
    Gssapi {
        /// The name of the machine.
        host: String,
        /// The Python that would be asked for the library.
        python: String,
    },
    /// Anything else.
    #[error("An unknown error occurred: {0}")]
    Other(String),
}

impl HttpError {
    /// The reason without the words before it, for modules that have their own.
    pub fn reason(&self) -> String {
        let told = self.to_string();
        let firsts = ["Request failed: ", "Connection failure: ", "An unknown error occurred: "];
        let bare = firsts.iter().find_map(|first| told.strip_prefix(first));
        bare.map(str::to_owned).unwrap_or(told)
    }

    /// GSSAPI isn't there, as on a machine whose Python lacks the library.
    pub fn no_gssapi(python: String) -> HttpError {
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        HttpError::Gssapi { host, python }
    }

    /// Whether it is a ValueError of Python: results tell no more than its words then.
    pub fn is_of_value(&self) -> bool {
        matches!(self, HttpError::UnknownType(_) | HttpError::Value(_))
    }

    /// What Python itself says, without what stock's client puts before it.
    pub fn words(&self) -> String {
        match self {
            HttpError::Ciphers => CIPHERS.to_owned(),
            other => other.to_string(),
        }
    }

    /// What went wrong on a file of the target before anything was asked.
    pub fn of_file(error: &io::Error) -> HttpError {
        HttpError::Broken(errno_text(error, None))
    }
}

impl From<ureq::Error> for HttpError {
    fn from(error: ureq::Error) -> HttpError {
        match error {
            ureq::Error::HostNotFound => {
                HttpError::Connect("[Errno -2] Name or service not known".to_owned())
            }
            ureq::Error::Timeout(ureq::Timeout::Connect) => HttpError::Connect("timed out".into()),
            ureq::Error::Timeout(_) => HttpError::Broken("timed out".to_owned()),
            ureq::Error::Io(error) => of_io(&error),
            ureq::Error::ConnectProxyFailed(reason) => {
                HttpError::Connect(format!("Tunnel connection failed: {reason}"))
            }
            other => HttpError::Other(other.to_string()),
        }
    }
}

fn of_io(error: &io::Error) -> HttpError {
    let inner = error.get_ref();
    if let Some(tls) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return HttpError::Connect(of_tls(tls));
    }
    if let Some(socket) = inner.and_then(|inner| inner.downcast_ref::<super::socket::NoSocket>()) {
        return HttpError::Connect(socket.to_string());
    }
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            HttpError::Broken(errno_text(error, None))
        }
        io::ErrorKind::UnexpectedEof => {
            HttpError::Broken("Remote end closed connection without response".to_owned())
        }
        _ => HttpError::Connect(errno_text(error, None)),
    }
}

/// What OpenSSL would say, where there is such a saying.
fn of_tls(error: &rustls::Error) -> String {
    use rustls::{AlertDescription, CertificateError, Error};
    let failed = |why: &str| {
        format!("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {why} (_ssl.c)")
    };
    match error {
        Error::InvalidCertificate(why) => failed(&match why {
            CertificateError::UnknownIssuer => "unable to get local issuer certificate".to_owned(),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "certificate has expired".to_owned()
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "certificate is not yet valid".to_owned()
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "Hostname mismatch, certificate is not valid for it.".to_owned()
            }
            CertificateError::Other(other) => other.0.to_string(),
            other => other.to_string(),
        }),
        Error::AlertReceived(AlertDescription::HandshakeFailure) => {
            "[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c)".into()
        }
        Error::InvalidMessage(_) => {
            "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c)".into()
        }
        other => format!("[SSL] {other}"),
    }
}
