//! Where modules have moved to: `meta/runtime.yml` of a collection, and ansible-core's own list. Must not
//! know modules' files.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

/// The part of the file that says where modules are.
#[derive(Debug, Default, Deserialize)]
struct Runtime {
    #[serde(default)]
    plugin_routing: PluginRouting,
}

#[derive(Debug, Default, Deserialize)]
struct PluginRouting {
    #[serde(default)]
    modules: HashMap<String, Option<Route>>,
}

#[derive(Debug, Default, Deserialize)]
struct Route {
    redirect: Option<String>,
}

/// Old names and the full names that they stand for.
#[derive(Debug, Default)]
pub struct Routing {
    redirects: HashMap<String, String>,
}

impl Routing {
    /// Reads a file; one that isn't there or can't be read sends nobody anywhere.
    pub fn read(path: &Path) -> Routing {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        Routing::parse(&text)
    }

    fn parse(text: &str) -> Routing {
        let runtime: Runtime = serde_yaml::from_str(text).unwrap_or_default();
        let modules = runtime.plugin_routing.modules.into_iter();
        let redirects = modules.filter_map(|(name, route)| Some((name, route?.redirect?)));
        Routing { redirects: redirects.collect() }
    }

    /// Where `name` is now.
    pub fn redirect(&self, name: &str) -> Option<&str> {
        self.redirects.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects() {
        let text = "plugin_routing:\n  modules:\n    docker_image:\n      redirect: community.docker.docker_image\n    x:\n      tombstone: {}\n  lookup: {}\n";
        let routing = Routing::parse(text);
        assert_eq!(routing.redirect("docker_image"), Some("community.docker.docker_image"));
        assert_eq!(routing.redirect("x"), None);
        assert_eq!(Routing::parse(": bad").redirect("x"), None);
    }
}
