//! The proxies that an environment names, and for which hosts they aren't used. Must not know whose
//! environment it is.

use super::url::Address;

/// Proxies by scheme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    http: Option<String>,
    https: Option<String>,
    except: Vec<String>,
}

impl Proxies {
    /// What the variables say: `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, in lower case first.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Proxies {
        let named = |name: &str| {
            let found = variable(name).or_else(|| variable(&name.to_ascii_uppercase()));
            found.filter(|value| !value.is_empty())
        };
        let except = named("no_proxy").unwrap_or_default();
        Proxies {
            http: named("http_proxy").or_else(|| named("all_proxy")),
            https: named("https_proxy").or_else(|| named("all_proxy")),
            except: except
                .split(',')
                .map(|name| name.trim().to_ascii_lowercase())
                .filter(|name| !name.is_empty())
                .collect(),
        }
    }

    /// The proxy for this address, if there is one.
    pub fn for_address(&self, address: &Address) -> Option<&str> {
        let proxy = match address.scheme.as_str() {
            "https" => self.https.as_deref(),
            _ => self.http.as_deref(),
        }?;
        (!self.is_excepted(address)).then_some(proxy)
    }

    fn is_excepted(&self, address: &Address) -> bool {
        let host = address.host().to_ascii_lowercase();
        let authority = address.authority.to_ascii_lowercase();
        self.except.iter().any(|name| {
            let name = name.trim_start_matches('.');
            let ends = |text: &str| {
                text.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            name == "*" || ends(&host) || ends(&authority)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_scheme_and_host() {
        let proxies = Proxies::from_environment(|name| match name {
            "http_proxy" => Some("http://p:1".to_owned()),
            "HTTPS_PROXY" => Some("http://s:1".to_owned()),
            "no_proxy" => Some(" .example.org, localhost".to_owned()),
            _ => None,
        });
        let proxy =
            |url: &str| proxies.for_address(&Address::parse(url).unwrap()).map(str::to_owned);
        assert_eq!(proxy("http://h/").as_deref(), Some("http://p:1"));
        assert_eq!(proxy("https://h/").as_deref(), Some("http://s:1"));
        assert_eq!(proxy("http://a.example.org:8/"), None);
        assert_eq!(proxy("http://localhost:8/"), None);
        assert!(proxy("http://notexample.org/").is_some());
    }
}
