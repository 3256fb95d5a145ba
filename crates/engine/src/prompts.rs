//! `vars_prompt`: what a play asks whoever started the run before it begins. Must not know tasks.

use nafal_base::console::Echo;
use nafal_base::{Diagnostic, Dict, Event, Text, Value};
use nafal_executor::Services;
use nafal_templating::password_hash::{Recipe, hash};
use nafal_variables::{reserved_names, reserved_warning};

use crate::error::Error;
use crate::playbooks::ReadyPlay;
use crate::run::Course;
use crate::settings::to_bool;

const NOBODY: &str = "Not prompting as we are not in interactive mode";
const MISMATCH: &str = "***** VALUES ENTERED DO NOT MATCH ****";

impl Course<'_> {
    /// The answers to a play's questions. What `-e` says isn't asked for.
    pub(crate) fn ask(&mut self, ready: &ReadyPlay) -> Result<Dict, Error> {
        let mut answers = Dict::new();
        for prompt in ready.play.vars_prompt.iter().filter_map(Value::as_dict) {
            let name = prompt.get("name").map(|name| match name {
                Value::Str(text) => text.clone(),
                other => Text::new(&*other.to_text()),
            });
            let Some(name) = name.filter(|name| !self.engine.extra.contains(name.as_str())) else {
                continue;
            };
            let answer = self.answer(ready, prompt, &name)?;
            answers.insert(name, answer);
        }
        self.warn(reserved_names(&answers).map(reserved_warning).collect());
        Ok(answers)
    }

    fn answer(&mut self, ready: &ReadyPlay, prompt: &Dict, name: &str) -> Result<Value, Error> {
        let rendered = |key: &str| match prompt.get(key) {
            None | Some(Value::None) => Ok(None),
            Some(value) => {
                self.render(value, ready).map(|value| Some(value.to_text().into_owned()))
            }
        };
        let (default, encrypt, salt) =
            (rendered("default")?, rendered("encrypt")?, rendered("salt")?);
        let asked = rendered("prompt")?.unwrap_or_else(|| name.to_owned());
        let flag = |key: &str| prompt.get(key).map(is_yes);
        let question = match &default {
            Some(default) => format!("{asked} [{default}]: "),
            None => format!("{asked}: "),
        };
        let confirmation =
            flag("confirm").filter(|wanted| *wanted).map(|_| format!("confirm {question}"));
        let private = flag("private").unwrap_or(true);
        let echo = if private { Echo::Hidden } else { Echo::Shown };
        let text = |text: &Option<String>| text.clone().map_or(Value::None, Value::from);
        let told = [
            ("private", Value::Bool(private)),
            ("prompt", Value::from(asked)),
            ("encrypt", text(&encrypt)),
            ("confirm", Value::Bool(confirmation.is_some())),
            ("salt_size", prompt.get("salt_size").cloned().unwrap_or_default()),
            ("salt", text(&salt)),
            ("default", text(&default)),
            ("unsafe", Value::Bool(flag("unsafe").unwrap_or(false))),
        ];
        self.sink.event(&Event::VariableAsked {
            name: name.to_owned(),
            prompt: told.into_iter().collect(),
        });
        let typed = if self.services.console().is_interactive() {
            Some(self.typed(&question, confirmation.as_deref(), echo)?)
        } else {
            self.warn(vec![Diagnostic::warning(NOBODY)]);
            None
        };
        let answer = typed.filter(|text| !text.is_empty() || default.is_none()).or(default);
        let mut answer = answer.unwrap_or_else(|| "None".to_owned());
        if let Some(algorithm) = encrypt {
            answer = self.hashed(ready, &answer, &algorithm, salt.as_deref())?;
        }
        // Only what is said to be unsafe isn't a template.
        Ok(if flag("unsafe").unwrap_or(false) {
            Value::from(answer)
        } else {
            Value::Str(Text::trusted(answer, None))
        })
    }

    /// A line, and the same again if it is to be confirmed.
    fn typed(
        &self,
        question: &str,
        confirmation: Option<&str>,
        echo: Echo,
    ) -> Result<String, Error> {
        let line = |question: &str| {
            let console = self.services.console();
            match console.line(question, echo, self.services.cancelled()) {
                Ok(Some(line)) => Ok(line),
                Ok(None) => Err(Error::from(nafal_executor::Error::Cancelled)),
                Err(error) => {
                    let message = format!("the terminal can't be read: {error}");
                    Err(Error::load(Diagnostic::error(message), 1))
                }
            }
        };
        loop {
            let first = line(question)?;
            let second = confirmation.map(line).transpose()?;
            if second.is_none_or(|second| second == first) {
                return Ok(first);
            }
            self.services.console().show(MISMATCH);
        }
    }

    fn hashed(
        &self,
        ready: &ReadyPlay,
        text: &str,
        algorithm: &str,
        salt: Option<&str>,
    ) -> Result<String, Error> {
        let effects = self.services.effects(&ready.context());
        let recipe = Recipe { algorithm, salt, rounds: None, ident: None };
        hash(text, &recipe, &*effects).map_err(|message| {
            Error::load(Diagnostic::error(message).at(ready.play.span.clone()), 1)
        })
    }
}

fn is_yes(value: &Value) -> bool {
    to_bool(&value.to_text()) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags() {
        assert!(is_yes(&Value::from("Yes")) && is_yes(&Value::Bool(true)));
        assert!(!is_yes(&Value::from("maybe")) && !is_yes(&Value::Int(0)));
    }
}
