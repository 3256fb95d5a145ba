//! What `yum_repository` takes.

use crate::files::FILE_ARGUMENTS;
use crate::spec::{Argument, Count, Kind, RequiredIf, Spec};

const fn flag(name: &'static str) -> Argument {
    Argument::new(name, Kind::Bool)
}

const fn needs(needs: &'static [&'static str], count: Count) -> RequiredIf {
    RequiredIf { argument: "state", value: "present", needs, count }
}

pub(super) const SPEC: Spec = Spec {
    shared: FILE_ARGUMENTS,
    required_if: &[
        needs(&["baseurl", "mirrorlist", "metalink"], Count::Any),
        needs(&["description"], Count::All),
    ],
    ..Spec::new(
        "yum_repository",
        &[
            flag("async"),
            Argument::text("bandwidth"),
            Argument::list("baseurl", Kind::Str),
            Argument::text("cost"),
            flag("countme"),
            Argument::text("deltarpm_metadata_percentage"),
            Argument::text("deltarpm_percentage"),
            Argument::text("description"),
            flag("enabled"),
            flag("enablegroups"),
            Argument::list("exclude", Kind::Str).aliases(&["excludepkgs"]),
            Argument::text("failovermethod").choices(&["roundrobin", "priority"]),
            Argument::text("file"),
            Argument::text("gpgcakey"),
            flag("gpgcheck"),
            Argument::list("gpgkey", Kind::Str),
            Argument::text("http_caching").choices(&["all", "packages", "none"]),
            Argument::text("include"),
            Argument::list("includepkgs", Kind::Str),
            Argument::text("ip_resolve").choices(&["4", "6", "IPv4", "IPv6", "whatever"]),
            flag("keepalive"),
            Argument::text("metadata_expire"),
            Argument::text("metadata_expire_filter").choices(&[
                "never",
                "read-only:past",
                "read-only:present",
                "read-only:future",
            ]),
            Argument::text("metalink"),
            Argument::text("mirrorlist"),
            Argument::text("mirrorlist_expire"),
            flag("module_hotfixes"),
            Argument::text("name").required(),
            Argument::text("password").hidden(),
            Argument::text("priority"),
            flag("protect"),
            Argument::text("proxy"),
            Argument::text("proxy_password").hidden(),
            Argument::text("proxy_username"),
            flag("repo_gpgcheck"),
            Argument::path("reposdir").or_text("/etc/yum.repos.d"),
            Argument::text("retries"),
            flag("s3_enabled"),
            flag("skip_if_unavailable"),
            flag("ssl_check_cert_permissions"),
            Argument::text("sslcacert").aliases(&["ca_cert"]),
            Argument::text("sslclientcert").aliases(&["client_cert"]),
            Argument::text("sslclientkey").aliases(&["client_key"]),
            flag("sslverify").aliases(&["validate_certs"]),
            Argument::text("state").or_text("present").choices(&["present", "absent"]),
            Argument::text("throttle"),
            Argument::text("timeout"),
            Argument::text("ui_repoid_vars"),
            Argument::text("username"),
        ],
    )
};
