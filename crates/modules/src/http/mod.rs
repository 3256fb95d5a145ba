//! HTTP as Ansible's modules do it: redirects by its four policies, Basic and Digest authentication, netrc, proxies of
//! the environment, Unix sockets, trust in the system's certificates. The engine uses it too, for the
//! lookup `url`. Must not know any module.

mod addresses;
mod arguments;
mod certificate;
mod challenge;
mod ciphers;
mod credentials;
mod error;
mod exchange;
mod multipart;
mod options;
mod percent;
mod proxies;
mod redirect;
mod response;
mod secure;
mod socket;
mod trust;
mod url;
mod verifier;

pub use arguments::{HTTP_ARGUMENTS, options_from, plain_options, proxies};
pub use error::HttpError;
pub use exchange::fetch;
pub use multipart::{Encoding, FORM_TYPE, Part, encode as encode_multipart};
pub use options::{Follow, Options, Request, Verification};
pub use percent::form;
pub use proxies::Proxies;
pub use response::{Content, Response};
pub use url::{Address, join};
