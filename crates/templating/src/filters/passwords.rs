//! Filters with secrets: hashed passwords, vaults.

use nafal_base::{Source, Span, Text, Value};

use crate::arguments::{Signature, fail, given, int, text, text_or};
use crate::context::Context;
use crate::error::Error;
use crate::password_hash::{Recipe, hash, random_salt};
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};

/// The filters.
pub const FILTERS: &[Filter] = &[
    Filter {
        names: &["password_hash"],
        undefined: OnUndefined::PassOn,
        members: OnMembers::Render,
        doc: "the hash of a password, as the system's files hold it",
        run: password_hash,
    },
    Filter {
        names: &["vault"],
        undefined: OnUndefined::PassOn,
        members: OnMembers::Render,
        doc: "the text, encrypted with a vault secret",
        run: vault,
    },
    Filter {
        names: &["unvault"],
        undefined: OnUndefined::PassOn,
        members: OnMembers::Render,
        doc: "the text of a vault",
        run: unvault,
    },
];

fn password_hash(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [kind, salt, salt_size, rounds, ident] = Signature::filter(
        "get_encrypted_password",
        ["hashtype", "salt", "salt_size", "rounds", "ident"],
        0,
    )
    .bind(args)?;
    let kind = text_or(kind, "sha512")?;
    let mut salt = given(salt).map(text).transpose()?.map(|salt| salt.into_owned());
    let ident = given(ident).map(text).transpose()?;
    let rounds = given(rounds).map(int).transpose()?.and_then(|rounds| u32::try_from(rounds).ok());
    let size = match given(salt_size) {
        None => 0,
        Some(Value::Bool(one)) => usize::from(*one),
        Some(Value::Int(size)) => usize::try_from(*size).unwrap_or(usize::MAX),
        Some(_) => return fail("salt_size must be an integer"),
    };
    if size > 0 && salt.is_none() {
        // Whatever is too long for all of them is refused by its length alone.
        salt = Some(random_salt(size.min(1024), ctx.effects()).map_err(Error::new)?);
    }
    let recipe =
        Recipe { algorithm: &kind, salt: salt.as_deref(), rounds, ident: ident.as_deref() };
    hash(&text(value)?, &recipe, ctx.effects()).map(Value::from).map_err(Error::new)
}

fn secret_of(secret: Option<&Value>) -> Result<&str, Error> {
    match secret {
        Some(Value::Str(secret)) => Ok(secret),
        other => fail(format!(
            "Secret passed is required to be a string, instead we got {}.",
            other.map_or("<class 'NoneType'>".to_owned(), crate::arguments::class_repr)
        )),
    }
}

fn vault(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [secret, salt, id, wrap] =
        Signature::filter("do_vault", ["secret", "salt", "vault_id", "wrap_object"], 1)
            .bind(args)?;
    let Value::Str(clear) = value else {
        return fail(format!(
            "Can only vault strings, instead we got {}.",
            crate::arguments::class_repr(value)
        ));
    };
    let id = given(id).map(text).transpose()?;
    let id = id.as_deref().unwrap_or("filter_default");
    let salt = given(salt).map(text).transpose()?;
    let secret = secret_of(secret)?;
    ctx.effects()
        .encrypt(clear, secret, Some(id), salt.as_deref())
        .map(|vaulted| match wrap.is_some_and(Value::is_true) {
            // Whoever reads it gets what is in it.
            true => Value::Str(vaulted.decrypted(clear)),
            false => Value::Str(vaulted),
        })
        .map_err(|why| Error::new("Unable to encrypt.").caused_by(Error::new(why)))
}

fn unvault(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [secret, _id] = Signature::filter("do_unvault", ["secret", "vault_id"], 1).bind(args)?;
    let secret = secret_of(secret)?;
    let Value::Str(vaulted) = value else {
        return fail(format!(
            "Vault should be in the form of a string, instead we got: {}",
            crate::arguments::class_repr(value)
        ));
    };
    if !vaulted.starts_with("$ANSIBLE_VAULT;") {
        return Ok(value.clone());
    }
    let clear: Text = ctx.effects().decrypt_with(vaulted, secret).map_err(|why| {
        let header = format!("{} [...]", vaulted.lines().next().unwrap_or_default());
        let place = Span::whole(&Source::new("<unknown>", header));
        Error::new("Unable to decrypt.").caused_by(Error::new(why).at(Some(place)))
    })?;
    Ok(Value::Str(clear))
}
