//! What commands that only read take beside playbooks: inventory, extra vars, vaults.

use clap::Args;
use nafal_engine::Request;

use super::hosts::{ExtraVars, Inventory};
use super::request::add_inventory;
use super::run::Verbosity;
use super::vault::Vault;

/// All of that.
#[derive(Args, Clone, Debug)]
pub struct Reading {
    #[command(flatten)]
    pub verbosity: Verbosity,
    #[command(flatten)]
    pub inventory: Inventory,
    #[command(flatten)]
    pub vault: Vault,
    #[command(flatten)]
    pub extra: ExtraVars,
}

impl Reading {
    /// The request with what is to be read for it.
    pub fn add_to(&self, mut request: Request) -> Request {
        add_inventory(&mut request, &self.inventory, &self.extra);
        request
    }
}
