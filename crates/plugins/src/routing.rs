//! Where modules and plugins of templates have moved to, which are about to go and which have gone: `meta/runtime.yml`
//! of a collection, and ansible-core's own list. Must not know their files.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use crate::python::Kind;

/// The part of the file that says where modules are.
#[derive(Debug, Default, Deserialize)]
struct Runtime {
    #[serde(default)]
    plugin_routing: PluginRouting,
    #[serde(default)]
    action_groups: HashMap<String, serde_yaml::Value>,
    requires_ansible: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct PluginRouting {
    #[serde(default)]
    modules: HashMap<String, Option<Route>>,
    #[serde(default)]
    action: HashMap<String, Option<Route>>,
    #[serde(default)]
    filter: HashMap<String, Option<Route>>,
    #[serde(default)]
    test: HashMap<String, Option<Route>>,
    #[serde(default)]
    lookup: HashMap<String, Option<Route>>,
}

/// What is said of one name.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Route {
    /// The full name that it stands for.
    pub redirect: Option<String>,
    /// Of a module: the action plugin that runs it.
    pub action_plugin: Option<String>,
    /// It is about to go.
    pub deprecation: Option<Removal>,
    /// It has gone.
    pub tombstone: Option<Removal>,
}

/// When something goes or went, and what to do.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Removal {
    removal_version: Option<serde_yaml::Value>,
    removal_date: Option<serde_yaml::Value>,
    warning_text: Option<String>,
}

fn shown(value: &serde_yaml::Value) -> String {
    match value {
        serde_yaml::Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim().to_owned(),
    }
}

impl Removal {
    fn words(&self, verb: &str, collection: &str) -> String {
        let when = match (&self.removal_date, &self.removal_version) {
            (Some(date), _) => format!(" in a release after {}", shown(date)),
            (None, Some(version)) => format!(" version {}", shown(version)),
            (None, None) => String::new(),
        };
        let text = self.warning_text.as_deref().map(|text| format!("{text} ")).unwrap_or_default();
        format!("{text}This feature {verb} removed from collection '{collection}'{when}.")
    }

    /// As stock warns of what is about to go.
    pub fn warning(&self, name: &str, collection: &str) -> String {
        format!("{name} has been deprecated. {}", self.words("will be", collection))
    }

    /// As stock tells of what has gone.
    pub fn error(&self, name: &str, kind: &str, collection: &str) -> String {
        format!("The '{name}' {kind} has been removed. {}", self.words("was", collection))
    }
}

/// Names and what is said of them.
#[derive(Debug, Default)]
pub struct Routing {
    routes: HashMap<String, Route>,
    plugins: HashMap<Kind, HashMap<String, Route>>,
    actions: HashMap<String, Route>,
    groups: HashMap<String, serde_yaml::Value>,
    wanted: Option<String>,
}

impl Routing {
    /// Reads a file; one that isn't there or can't be read sends nobody anywhere.
    pub fn read(path: &Path) -> Routing {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        Routing::parse(&text)
    }

    fn parse(text: &str) -> Routing {
        let runtime: Runtime = serde_yaml::from_str(text).unwrap_or_default();
        let PluginRouting { modules, action, filter, test, lookup } = runtime.plugin_routing;
        let plugins = [(Kind::Filter, filter), (Kind::Test, test), (Kind::Lookup, lookup)];
        Routing {
            routes: told(modules),
            plugins: plugins.into_iter().map(|(kind, routes)| (kind, told(routes))).collect(),
            actions: told(action),
            groups: runtime.action_groups,
            wanted: runtime.requires_ansible,
        }
    }

    /// The versions of ansible-core that it is for, as `requires_ansible` says.
    pub fn wanted(&self) -> Option<&str> {
        self.wanted.as_deref()
    }

    /// What is said of `name`.
    pub fn route(&self, name: &str) -> Option<&Route> {
        self.routes.get(name)
    }

    /// What is said of the action plugin `name`.
    pub fn action(&self, name: &str) -> Option<&Route> {
        self.actions.get(name)
    }

    /// Where `name` is now.
    pub fn redirect(&self, name: &str) -> Option<&str> {
        self.route(name)?.redirect.as_deref()
    }

    /// The entries of the group of actions `name`.
    pub fn action_group(&self, name: &str) -> Option<&serde_yaml::Value> {
        self.groups.get(name)
    }

    /// Where the filter, test or lookup `name` is now.
    pub fn plugin_redirect(&self, kind: Kind, name: &str) -> Option<&str> {
        self.plugins.get(&kind)?.get(name)?.redirect.as_deref()
    }
}

fn told(routes: HashMap<String, Option<Route>>) -> HashMap<String, Route> {
    routes.into_iter().filter_map(|(name, route)| Some((name, route?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects() {
        let text = "plugin_routing:\n  modules:\n    docker_image:\n      redirect: community.docker.docker_image\n    x:\n      tombstone: {}\n  lookup: {flattened: {redirect: community.general.flattened}}\n";
        let routing = Routing::parse(text);
        assert_eq!(routing.redirect("docker_image"), Some("community.docker.docker_image"));
        assert_eq!(routing.redirect("x"), None);
        assert!(routing.route("x").unwrap().tombstone.is_some());
        let flattened = routing.plugin_redirect(Kind::Lookup, "flattened");
        assert_eq!(flattened, Some("community.general.flattened"));
        assert_eq!(routing.plugin_redirect(Kind::Filter, "flattened"), None);
        assert_eq!(Routing::parse(": bad").redirect("x"), None);
    }

    #[test]
    fn what_goes() {
        let text = "plugin_routing: {modules: {a: {deprecation: {removal_version: 9.0.0, warning_text: Use b.}}, \
                    c: {tombstone: {removal_date: 2020-01-02}}}}";
        let routing = Routing::parse(text);
        let warning = routing.route("a").unwrap().deprecation.clone().unwrap();
        assert_eq!(
            warning.warning("m.c.a", "m.c"),
            "m.c.a has been deprecated. Use b. This feature will be removed from collection 'm.c' version 9.0.0."
        );
        let gone = routing.route("c").unwrap().tombstone.clone().unwrap();
        assert_eq!(
            gone.error("m.c.c", "module", "m.c"),
            "The 'm.c.c' module has been removed. This feature was removed from collection 'm.c' in a release after 2020-01-02."
        );
    }
}
