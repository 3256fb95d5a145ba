//! Whether a server is who it says. Like OpenSSL, and unlike webpki, it takes a certificate that is itself
//! among the trusted ones, whatever it is for. Must not know where the trusted ones come from.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};

use super::certificate;
use super::options::Verification;

/// A certificate that nobody who is trusted has signed.
#[derive(Debug, thiserror::Error)]
pub enum Untrusted {
    /// It is its own issuer.
    #[error("self-signed certificate")]
    SelfSigned,
    /// The last of its chain is its own issuer.
    #[error("self-signed certificate in certificate chain")]
    SelfSignedRoot,
}

/// Verifies servers.
#[derive(Debug)]
pub struct Verifier {
    provider: Arc<CryptoProvider>,
    trusted: Vec<CertificateDer<'static>>,
    chains: Option<Arc<WebPkiServerVerifier>>,
    verification: Verification,
}

impl Verifier {
    /// One that trusts these certificates.
    pub fn new(
        provider: Arc<CryptoProvider>,
        trusted: Vec<CertificateDer<'static>>,
        verification: Verification,
    ) -> Verifier {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(trusted.iter().cloned());
        let chains =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        Verifier { provider, trusted, chains: chains.build().ok(), verification }
    }

    /// Says in OpenSSL's words why nobody vouches for it.
    fn reason(&self, leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>]) -> Error {
        let is_own_issuer = |der: &CertificateDer<'_>| {
            certificate::fields(der).is_some_and(|fields| fields.issuer == fields.subject)
        };
        let other = |untrusted| {
            Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(untrusted))))
        };
        match others.last() {
            _ if is_own_issuer(leaf) => other(Untrusted::SelfSigned),
            Some(last) if is_own_issuer(last) => other(Untrusted::SelfSignedRoot),
            _ => Error::InvalidCertificate(CertificateError::UnknownIssuer),
        }
    }

    /// A certificate that is trusted itself: its name and dates must still be right.
    fn check_trusted(
        &self,
        leaf: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let fields = certificate::fields(leaf)
            .ok_or(Error::InvalidCertificate(CertificateError::BadEncoding))?;
        let now =
            i64::try_from(now.as_secs()).ok().and_then(|s| jiff::Timestamp::from_second(s).ok());
        let now = now.unwrap_or_default().strftime("%Y%m%d%H%M%SZ").to_string();
        if now < fields.from {
            return Err(Error::InvalidCertificate(CertificateError::NotValidYet));
        }
        if now > fields.until {
            return Err(Error::InvalidCertificate(CertificateError::Expired));
        }
        verify_server_name(&ParsedCertificate::try_from(leaf)?, name)?;
        Ok(ServerCertVerified::assertion())
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.verification == Verification::Skipped {
            return Ok(ServerCertVerified::assertion());
        }
        if self.trusted.iter().any(|trusted| trusted == leaf) {
            return self.check_trusted(leaf, name, now);
        }
        let Some(chains) = &self.chains else { return Err(self.reason(leaf, others)) };
        chains.verify_server_cert(leaf, others, name, ocsp, now).map_err(|error| match error {
            Error::InvalidCertificate(
                CertificateError::UnknownIssuer | CertificateError::Other(_),
            ) => self.reason(leaf, others),
            other => other,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
