//! The ciphers of TLS 1.2 by OpenSSL's words (those of TLS 1.3 are no matter of them). Must not know connections.

use rustls::SupportedCipherSuite;
use rustls::crypto::ring::{ALL_CIPHER_SUITES, cipher_suite};

use super::error::HttpError;

/// Those that nafal has, in OpenSSL's order.
const HERE: [&str; 6] = [
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
];

/// Words that stand for some of OpenSSL's ciphers and for none of those.
const KINDS_ELSEWHERE: &str = "eNULL NULL aNULL kRSA RSA DH kDHE DHE EDH kEDH ADH AECDH aDSS DSS PSK kPSK \
    kECDHEPSK kDHEPSK kRSAPSK aPSK SRP kSRP aSRP AESCCM AESCCM8 ARIA ARIA128 ARIA256 ARIAGCM CAMELLIA \
    CAMELLIA128 CAMELLIA256 MD5 SHA SHA1 SHA256 SHA384 SSLv3 TLSv1 TLSv1.0 COMPLEMENTOFALL COMPLEMENTOFDEFAULT CBC";

/// The ciphers that OpenSSL has and nafal hasn't.
const ELSEWHERE: &str = "\
    DHE-DSS-AES256-GCM-SHA384 DHE-RSA-AES256-GCM-SHA384 DHE-RSA-CHACHA20-POLY1305 \
    ECDHE-ECDSA-AES256-CCM8 ECDHE-ECDSA-AES256-CCM DHE-RSA-AES256-CCM8 DHE-RSA-AES256-CCM \
    ECDHE-ECDSA-ARIA256-GCM-SHA384 ECDHE-ARIA256-GCM-SHA384 DHE-DSS-ARIA256-GCM-SHA384 \
    DHE-RSA-ARIA256-GCM-SHA384 ADH-AES256-GCM-SHA384 DHE-DSS-AES128-GCM-SHA256 \
    DHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES128-CCM8 ECDHE-ECDSA-AES128-CCM \
    DHE-RSA-AES128-CCM8 DHE-RSA-AES128-CCM ECDHE-ECDSA-ARIA128-GCM-SHA256 \
    ECDHE-ARIA128-GCM-SHA256 DHE-DSS-ARIA128-GCM-SHA256 DHE-RSA-ARIA128-GCM-SHA256 \
    ADH-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-SHA384 ECDHE-RSA-AES256-SHA384 \
    DHE-RSA-AES256-SHA256 DHE-DSS-AES256-SHA256 ECDHE-ECDSA-CAMELLIA256-SHA384 \
    ECDHE-RSA-CAMELLIA256-SHA384 DHE-RSA-CAMELLIA256-SHA256 DHE-DSS-CAMELLIA256-SHA256 \
    ADH-AES256-SHA256 ADH-CAMELLIA256-SHA256 ECDHE-ECDSA-AES128-SHA256 \
    ECDHE-RSA-AES128-SHA256 DHE-RSA-AES128-SHA256 DHE-DSS-AES128-SHA256 \
    ECDHE-ECDSA-CAMELLIA128-SHA256 ECDHE-RSA-CAMELLIA128-SHA256 DHE-RSA-CAMELLIA128-SHA256 \
    DHE-DSS-CAMELLIA128-SHA256 ADH-AES128-SHA256 ADH-CAMELLIA128-SHA256 \
    ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA DHE-RSA-AES256-SHA DHE-DSS-AES256-SHA \
    DHE-RSA-CAMELLIA256-SHA DHE-DSS-CAMELLIA256-SHA AECDH-AES256-SHA ADH-AES256-SHA \
    ADH-CAMELLIA256-SHA ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA DHE-RSA-AES128-SHA \
    DHE-DSS-AES128-SHA DHE-RSA-CAMELLIA128-SHA DHE-DSS-CAMELLIA128-SHA AECDH-AES128-SHA \
    ADH-AES128-SHA ADH-CAMELLIA128-SHA RSA-PSK-AES256-GCM-SHA384 DHE-PSK-AES256-GCM-SHA384 \
    RSA-PSK-CHACHA20-POLY1305 DHE-PSK-CHACHA20-POLY1305 ECDHE-PSK-CHACHA20-POLY1305 \
    DHE-PSK-AES256-CCM8 DHE-PSK-AES256-CCM RSA-PSK-ARIA256-GCM-SHA384 \
    DHE-PSK-ARIA256-GCM-SHA384 AES256-GCM-SHA384 AES256-CCM8 AES256-CCM ARIA256-GCM-SHA384 \
    PSK-AES256-GCM-SHA384 PSK-CHACHA20-POLY1305 PSK-AES256-CCM8 PSK-AES256-CCM \
    PSK-ARIA256-GCM-SHA384 RSA-PSK-AES128-GCM-SHA256 DHE-PSK-AES128-GCM-SHA256 \
    DHE-PSK-AES128-CCM8 DHE-PSK-AES128-CCM RSA-PSK-ARIA128-GCM-SHA256 \
    DHE-PSK-ARIA128-GCM-SHA256 AES128-GCM-SHA256 AES128-CCM8 AES128-CCM ARIA128-GCM-SHA256 \
    PSK-AES128-GCM-SHA256 PSK-AES128-CCM8 PSK-AES128-CCM PSK-ARIA128-GCM-SHA256 \
    AES256-SHA256 CAMELLIA256-SHA256 AES128-SHA256 CAMELLIA128-SHA256 \
    ECDHE-PSK-AES256-CBC-SHA384 ECDHE-PSK-AES256-CBC-SHA SRP-DSS-AES-256-CBC-SHA \
    SRP-RSA-AES-256-CBC-SHA SRP-AES-256-CBC-SHA RSA-PSK-AES256-CBC-SHA384 \
    DHE-PSK-AES256-CBC-SHA384 RSA-PSK-AES256-CBC-SHA DHE-PSK-AES256-CBC-SHA \
    ECDHE-PSK-CAMELLIA256-SHA384 RSA-PSK-CAMELLIA256-SHA384 DHE-PSK-CAMELLIA256-SHA384 \
    AES256-SHA CAMELLIA256-SHA PSK-AES256-CBC-SHA384 PSK-AES256-CBC-SHA \
    PSK-CAMELLIA256-SHA384 ECDHE-PSK-AES128-CBC-SHA256 ECDHE-PSK-AES128-CBC-SHA \
    SRP-DSS-AES-128-CBC-SHA SRP-RSA-AES-128-CBC-SHA SRP-AES-128-CBC-SHA \
    RSA-PSK-AES128-CBC-SHA256 DHE-PSK-AES128-CBC-SHA256 RSA-PSK-AES128-CBC-SHA \
    DHE-PSK-AES128-CBC-SHA ECDHE-PSK-CAMELLIA128-SHA256 RSA-PSK-CAMELLIA128-SHA256 \
    DHE-PSK-CAMELLIA128-SHA256 AES128-SHA CAMELLIA128-SHA PSK-AES128-CBC-SHA256 \
    PSK-AES128-CBC-SHA PSK-CAMELLIA128-SHA256 ECDHE-ECDSA-NULL-SHA ECDHE-RSA-NULL-SHA \
    AECDH-NULL-SHA NULL-SHA256 ECDHE-PSK-NULL-SHA384 ECDHE-PSK-NULL-SHA256 \
    ECDHE-PSK-NULL-SHA RSA-PSK-NULL-SHA384 RSA-PSK-NULL-SHA256 DHE-PSK-NULL-SHA384 \
    DHE-PSK-NULL-SHA256 RSA-PSK-NULL-SHA DHE-PSK-NULL-SHA NULL-SHA NULL-MD5 PSK-NULL-SHA384 \
    PSK-NULL-SHA256 PSK-NULL-SHA";

/// What a list of words chooses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Ciphers that nafal has.
    here: Vec<&'static str>,
    /// Words that chose ciphers which it doesn't have.
    elsewhere: Vec<String>,
}

impl Chosen {
    /// What the words choose; choosing nothing is an error, as it is for OpenSSL.
    pub fn by(lists: &[String]) -> Result<Chosen, HttpError> {
        let mut chosen = Chosen::default();
        let mut killed: Vec<&str> = Vec::new();
        let words = lists.iter().flat_map(|list| list.split([':', ',', ' ', ';']));
        for word in words.filter(|word| !word.is_empty()) {
            match word.split_at_checked(1) {
                Some(("!", kind)) => {
                    chosen.remove(kind);
                    killed.extend(HERE.iter().filter(|cipher| is_of(cipher, kind)));
                }
                Some(("-", kind)) => chosen.remove(kind),
                Some(("+", kind)) => chosen.move_to_the_end(kind),
                Some(("@", "STRENGTH")) => {
                    chosen.here.sort_by_key(|cipher| cipher.contains("AES128"));
                }
                Some(("@", _)) => {}
                _ => chosen.add(word, &killed),
            }
        }
        if chosen.here.is_empty() && chosen.elsewhere.is_empty() {
            return Err(HttpError::Ciphers);
        }
        Ok(chosen)
    }

    /// The words of ciphers that are missing, when there is nothing else to offer.
    pub fn missing(&self) -> Option<String> {
        self.here.is_empty().then(|| self.elsewhere.join(", "))
    }

    /// What is offered: the chosen ones behind all of TLS 1.3.
    pub fn suites(&self) -> Vec<SupportedCipherSuite> {
        let newest = ALL_CIPHER_SUITES.iter().filter(|suite| suite.tls13().is_some());
        newest.copied().chain(self.here.iter().filter_map(|name| suite(name))).collect()
    }

    fn add(&mut self, kind: &str, killed: &[&str]) {
        let new: Vec<&'static str> = HERE
            .into_iter()
            .filter(|cipher| is_of(cipher, kind) && !killed.contains(cipher))
            .filter(|cipher| !self.here.contains(cipher))
            .collect();
        let is_known =
            |part: &str| is_elsewhere(part) || HERE.iter().any(|cipher| is_of(cipher, part));
        let is_only_elsewhere = !HERE.iter().any(|cipher| is_of(cipher, kind));
        if is_only_elsewhere && kind.split('+').all(is_known) {
            self.elsewhere.push(kind.to_owned());
        }
        self.here.extend(new);
    }

    fn remove(&mut self, kind: &str) {
        self.here.retain(|cipher| !is_of(cipher, kind));
        self.elsewhere.retain(|word| word != kind && kind != "ALL");
    }

    fn move_to_the_end(&mut self, kind: &str) {
        self.here.sort_by_key(|cipher| is_of(cipher, kind));
    }
}

fn is_elsewhere(word: &str) -> bool {
    [KINDS_ELSEWHERE, ELSEWHERE].iter().any(|all| all.split_whitespace().any(|one| one == word))
}

/// Whether one of nafal's ciphers is of a kind; kinds that are joined by `+` must all fit.
fn is_of(cipher: &str, kind: &str) -> bool {
    kind.split('+').all(|word| match word {
        "ALL" | "DEFAULT" | "HIGH" | "TLSv1.2" => true,
        "ECDH" | "ECDHE" | "EECDH" | "kECDHE" | "kEECDH" => true,
        "ECDSA" | "aECDSA" => cipher.contains("-ECDSA-"),
        "aRSA" => cipher.contains("-RSA-"),
        "AES" | "AESGCM" | "FIPS" => cipher.contains("-AES"),
        "AES128" | "AES256" | "CHACHA20" => cipher.contains(word),
        name => name == cipher,
    })
}

fn suite(name: &str) -> Option<SupportedCipherSuite> {
    Some(match name {
        "ECDHE-ECDSA-AES256-GCM-SHA384" => cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        "ECDHE-RSA-AES256-GCM-SHA384" => cipher_suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        "ECDHE-ECDSA-CHACHA20-POLY1305" => {
            cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
        }
        "ECDHE-RSA-CHACHA20-POLY1305" => cipher_suite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        "ECDHE-ECDSA-AES128-GCM-SHA256" => cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        "ECDHE-RSA-AES128-GCM-SHA256" => cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(words: &str) -> Option<Chosen> {
        Chosen::by(&[words.to_owned()]).ok()
    }

    #[test]
    fn every_name_is_a_suite() {
        assert!(HERE.iter().all(|name| suite(name).is_some()));
        assert_eq!(by("ALL").unwrap().suites().len(), ALL_CIPHER_SUITES.len());
    }

    #[test]
    fn words() {
        let names = |words: &str| by(words).unwrap().here;
        assert_eq!(names("HIGH:!aNULL").len(), 6);
        assert_eq!(names("NOSUCH,ECDHE-RSA-AES128-GCM-SHA256"), ["ECDHE-RSA-AES128-GCM-SHA256"]);
        assert_eq!(names("ECDHE+AESGCM:!ECDSA"), [HERE[1], HERE[5]]);
        assert_eq!(names("aRSA:+AES"), [HERE[3], HERE[1], HERE[5]]);
        assert_eq!(names("CHACHA20:-aRSA:AES128"), [HERE[2], HERE[4], HERE[5]]);
        assert_eq!(names("!CHACHA20:ALL:@SECLEVEL=1").len(), 4);
    }

    #[test]
    fn nothing_and_what_is_elsewhere() {
        for nothing in ["", "NOSUCH", "!ALL", "@SECLEVEL=0", "TLS_AES_128_GCM_SHA256", "ALL:!ALL"] {
            assert_eq!(by(nothing), None, "{nothing}");
        }
        assert_eq!(by("AES128-SHA:kRSA").unwrap().missing().as_deref(), Some("AES128-SHA, kRSA"));
        assert_eq!(by("AES128-SHA:HIGH").unwrap().missing(), None);
        assert_eq!(by("AES128-SHA:!ALL"), None);
    }
}
