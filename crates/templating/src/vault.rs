//! Values under `!vault`: decrypted where they are first read, and kept with their text. Must not
//! know passwords: the world has them.

use std::any::Any;
use std::sync::Arc;

use nafal_base::Text;

use crate::effects::Effects;
use crate::error::Error;

/// What a vault's text stands for. Opening one costs milliseconds, so it is done once.
pub(crate) fn decrypted(vault: &Text, effects: &dyn Effects) -> Result<Text, Error> {
    let known = vault.compiled().and_then(|cell| cell.get()?.downcast_ref::<Text>().cloned());
    if let Some(clear) = known {
        return Ok(clear);
    }
    let clear = effects.decrypt(vault).map_err(|why| {
        Error::new(format!("Attempt to use undecryptable variable: {why}"))
            .at(vault.span().cloned())
    })?;
    let clear = vault.decrypted(&clear);
    if let Some(cell) = vault.compiled() {
        let kept: Arc<dyn Any + Send + Sync> = Arc::new(clear.clone());
        let _ = cell.set(kept);
    }
    Ok(clear)
}
