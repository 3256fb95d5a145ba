//! Whom a request trusts, and as whom it comes: the system's certificates or a file of one's own, a
//! client's certificate. Must not know connections.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::ciphers::Chosen;
use super::error::HttpError;
use super::options::{Options, Verification};
use super::verifier::Verifier;

/// Where distributions keep what they trust.
const SYSTEM: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/cert.pem",
];

/// The settings of TLS for these options.
pub fn config(options: &Options) -> Result<Arc<ClientConfig>, HttpError> {
    let mut provider = rustls::crypto::ring::default_provider();
    if !options.ciphers.is_empty() {
        provider.cipher_suites = Chosen::by(&options.ciphers)?.suites();
    }
    let provider = Arc::new(provider);
    let trusted = match options.verification {
        Verification::Skipped => Vec::new(),
        Verification::Required => trusted(options)?,
    };
    let verifier = Verifier::new(Arc::clone(&provider), trusted, options.verification);
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| HttpError::Other(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let Some(file) = &options.client_cert else {
        return Ok(Arc::new(builder.with_no_client_auth()));
    };
    let chain = certificates(file)?;
    let key = options.client_key.as_deref().unwrap_or(file);
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| of_pem(&error, key))?;
    let config = builder
        .with_client_auth_cert(chain, key)
        .map_err(|error| HttpError::Broken(format!("[SSL] {error}")))?;
    Ok(Arc::new(config))
}

fn trusted(options: &Options) -> Result<Vec<CertificateDer<'static>>, HttpError> {
    if let Some(file) = &options.ca_path {
        return certificates(file);
    }
    let file = SYSTEM.iter().map(Path::new).find(|path| path.exists());
    match file {
        Some(file) => certificates(file),
        None => Ok(Vec::new()),
    }
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, HttpError> {
    let found = CertificateDer::pem_file_iter(file).map_err(|error| of_pem(&error, file))?;
    // What isn't a certificate among those of the system is no reason to trust nobody.
    Ok(found.filter_map(Result::ok).collect())
}

fn of_pem(error: &rustls::pki_types::pem::Error, file: &Path) -> HttpError {
    match error {
        rustls::pki_types::pem::Error::Io(error) => HttpError::of_file(error),
        other => HttpError::Broken(format!("[SSL] {}: {other}", file.display())),
    }
}
