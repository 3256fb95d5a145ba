//! The native modules, one file each, and their table.

mod alternatives;
mod apt;
mod apt_key;
mod apt_repository;
mod archive;
mod assemble;
mod async_status;
mod async_wrapper;
mod authorized_key;
mod blockinfile;
mod command;
mod command_result;
mod copy;
mod cron;
mod deb822_repository;
mod debconf;
mod dnf;
mod dpkg_selections;
mod expect;
mod file;
mod find;
mod get_url;
mod getent;
mod git;
mod group;
mod hostname;
mod ini_file;
mod iptables;
mod known_hosts;
mod lineinfile;
mod locale_gen;
mod look;
mod low_level;
mod modprobe;
mod mount;
mod mount_facts;
mod package_facts;
mod ping;
mod pip;
mod place;
mod raw;
mod replace;
mod rpm_key;
mod script;
mod service;
mod service_facts;
mod services;
mod setup;
mod slurp;
mod stat;
mod subversion;
mod synchronize;
mod sysctl;
mod systemd;
mod sysvinit;
mod tempfile;
mod timezone;
mod unarchive;
mod uri;
mod user;
mod wait_for;
mod yum_repository;

use crate::registry::Module;

/// Every native module.
pub const MODULES: &[Module] = &[
    archive::MODULE,
    assemble::MODULE,
    async_status::MODULE,
    async_wrapper::MODULE,
    alternatives::MODULE,
    apt::MODULE,
    apt_key::MODULE,
    apt_repository::MODULE,
    authorized_key::MODULE,
    blockinfile::MODULE,
    command::COMMAND,
    command::SHELL,
    copy::MODULE,
    copy::WRITE,
    cron::MODULE,
    deb822_repository::MODULE,
    debconf::MODULE,
    dnf::DNF,
    dnf::DNF5,
    dpkg_selections::MODULE,
    expect::MODULE,
    file::MODULE,
    get_url::MODULE,
    git::MODULE,
    getent::MODULE,
    group::MODULE,
    hostname::MODULE,
    ini_file::MODULE,
    iptables::MODULE,
    known_hosts::MODULE,
    find::MODULE,
    lineinfile::MODULE,
    locale_gen::MODULE,
    look::MODULE,
    low_level::MODULE,
    modprobe::MODULE,
    mount::MODULE,
    mount_facts::MODULE,
    package_facts::MODULE,
    ping::MODULE,
    pip::MODULE,
    place::MODULE,
    raw::MODULE,
    replace::MODULE,
    rpm_key::MODULE,
    script::MODULE,
    service::MODULE,
    service_facts::MODULE,
    setup::MODULE,
    slurp::MODULE,
    stat::MODULE,
    subversion::MODULE,
    synchronize::MODULE,
    sysctl::MODULE,
    systemd::SYSTEMD,
    systemd::SYSTEMD_SERVICE,
    sysvinit::MODULE,
    tempfile::MODULE,
    timezone::MODULE,
    unarchive::MODULE,
    uri::MODULE,
    user::MODULE,
    wait_for::MODULE,
    yum_repository::MODULE,
];
