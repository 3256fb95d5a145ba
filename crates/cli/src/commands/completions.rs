//! `nafal completions SHELL`. Must not know what the commands do.

use nafal_output::Stream;

use super::manual;
use super::session::{begin, close};
use super::table::Call;
use crate::arguments::Completions;
use crate::failure::Failure;

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let mut session = match begin::<Completions>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let result = written(&session.arguments).map(|text| {
        session.terminal.unlogged(Stream::Out, None, text.trim_end());
        0
    });
    close(&mut session.terminal, result)
}

fn written(asked: &Completions) -> Result<String, Failure> {
    let mut commands: Vec<clap::Command> =
        std::iter::once(manual::nafal()).chain(manual::stock()).collect();
    if let Some(unknown) = asked
        .commands
        .iter()
        .find(|name| !commands.iter().any(|command| command.get_name() == name.as_str()))
    {
        return Err(Failure::usage(format!("there is no command {unknown}")));
    }
    if !asked.commands.is_empty() {
        commands.retain(|command| asked.commands.iter().any(|name| name == command.get_name()));
    }
    let mut text = Vec::new();
    for mut command in commands {
        let name = command.get_name().to_owned();
        clap_complete::generate(asked.shell, &mut command, name, &mut text);
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

#[cfg(test)]
mod tests {
    use clap_complete::Shell;

    use super::*;

    fn text(shell: Shell, commands: &[&str]) -> String {
        let commands = commands.iter().map(|name| (*name).to_owned()).collect();
        written(&Completions { shell, commands }).unwrap()
    }

    #[test]
    fn every_name_is_completed() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let text = text(shell, &[]);
            for name in ["nafal", "ansible", "ansible-playbook", "ansible-vault"] {
                assert!(text.contains(name), "{shell} {name}");
            }
            assert!(text.contains("become-method"), "{shell}");
        }
    }

    #[test]
    fn some_alone() {
        let text = text(Shell::Fish, &["ansible-vault"]);
        assert!(text.contains("complete -c ansible-vault") && !text.contains("-c nafal"));
        let commands = vec!["nosuch".to_owned()];
        assert!(written(&Completions { shell: Shell::Bash, commands }).is_err());
    }
}
