//! `community.general.ini_file`: an option or a section of an INI file is there, or isn't.

mod line;
mod option;
mod section;

use nafal_base::{Outcome, Value};

use crate::arguments::{self, Arguments};
use crate::ctx::Ctx;
use crate::files::edit::Edit;
use crate::files::failure::errno_text;
use crate::files::{Differences, FILE_ARGUMENTS, Failure, Result, Wanted};
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

use option::{Change, OptionEdit, Repeats, Valueless};
use section::{Condition, Text};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        shared: FILE_ARGUMENTS,
        mutually_exclusive: &[&["value", "values"]],
        ..Spec::new(
            "community.general.ini_file",
            &[
                Argument::path("path").required().aliases(&["dest"]),
                Argument::text("section"),
                Argument::list("section_has_values", Kind::Raw),
                Argument::text("option"),
                Argument::text("value"),
                Argument::list("values", Kind::Str),
                Argument::flag("backup", false),
                Argument::text("state").or_text("present").choices(&["absent", "present"]),
                Argument::flag("exclusive", true),
                Argument::flag("no_extra_spaces", false),
                Argument::flag("ignore_spaces", false),
                Argument::flag("allow_no_value", false),
                Argument::flag("modify_inactive_option", true),
                Argument::flag("create", true),
                Argument::flag("follow", false),
            ],
        )
    },
    run,
};

/// What an entry of `section_has_values` takes.
const CONDITION: Spec = Spec {
    mutually_exclusive: &[&["value", "values"]],
    ..Spec::new(
        "section_has_values",
        &[
            Argument::text("option").required(),
            Argument::text("value"),
            Argument::list("values", Kind::Str),
        ],
    )
};

/// What stock's module calls the part before all sections where it makes a section of it.
const NAMELESS: &str = "ad01e11446efb704fcdbdb21f2c43757423d91c5";

fn values_of(args: &Arguments) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    let all = args.text("value").into_iter().chain(args.texts("values"));
    for value in all {
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }
    values
}

fn conditions_of(args: &Arguments, ctx: &Ctx) -> Result<Vec<Condition>> {
    let read = |entry: &Value| {
        let Value::Dict(entry) = entry else {
            return Err(Failure::new(format!(
                "Value '{}' in the sub parameter field 'section_has_values' must be a list, not '{}'",
                entry.to_text(),
                entry.type_name()
            )));
        };
        let known = |key: &str| CONDITION.argument(key).is_some();
        let mut names = entry.keys().filter_map(|key| key.as_str());
        if let Some(unknown) = names.find(|name| !known(name)) {
            return Err(Failure::new(format!(
                "Unsupported parameters for ({}) module: section_has_values.{unknown}. Supported parameters include: option, value, values.",
                ctx.module_name()
            )));
        }
        let checked = arguments::check(&CONDITION, entry, ctx)
            .map_err(|error| Failure::new(format!("{error} found in section_has_values")))?;
        let option = checked.required_text("option").to_owned();
        Ok(Condition { option, values: values_of(&checked) })
    };
    args.list("section_has_values").iter().map(read).collect()
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let conditions = conditions_of(args, ctx)?;
    let values = values_of(args);
    let is_wanted = args.required_text("state") == "present";
    if is_wanted && values.is_empty() && !args.is("allow_no_value") {
        return Err(Failure::new(
            "Parameter 'value(s)' must be defined if state=present and allow_no_value=False.",
        ));
    }
    let edit = Edit::new(args, ctx, "path");
    if edit.real.is_dir() {
        let error = std::io::Error::from(rustix::io::Errno::ISDIR);
        return Err(Failure::raised([errno_text(&error, Some(edit.shown))]));
    }
    let before = match edit.read_lines()? {
        Some(text) => text,
        None if !args.is("create") => {
            let message = format!("Destination {} does not exist!", edit.shown);
            return Err(Failure::new(message).with("rc", 257));
        }
        // Nothing is made where nothing is wanted.
        None if !is_wanted => String::new(),
        None => {
            edit.make_folder()?;
            String::new()
        }
    };
    let without_mark = before.strip_prefix('\u{feff}').unwrap_or(&before);
    let mut text = Text::new(without_mark);
    let is_ended = without_mark.is_empty() || without_mark.ends_with('\n');
    let message = match is_wanted {
        true => present(args, &mut text, &conditions, values)?,
        false => absent(args, &mut text, &conditions, values),
    };
    let mut changed = message != "OK" || !is_ended;
    let after = if changed { text.text() } else { before.clone() };
    let mut outcome = Outcome::ok().with("msg", message).with("path", edit.shown);
    outcome = outcome.with("diff", edit.content_difference(&before, &after));
    if changed && !ctx.is_check() {
        if args.is("backup") {
            outcome = outcome.with("backup_file", edit.backup()?.unwrap_or_default());
        }
        edit.write(&after)?;
    }
    if edit.real.exists() {
        let wanted = Wanted::from_arguments(args);
        changed |= wanted.apply(ctx.subject(&edit.real), &mut Differences::default())?;
    }
    Ok(outcome.changed_if(changed))
}

fn section_of(args: &Arguments) -> Option<&str> {
    args.text("section").filter(|section| !section.is_empty())
}

fn edit_of<'a>(args: &'a Arguments, option: &'a str, values: Vec<String>) -> OptionEdit<'a> {
    OptionEdit {
        option,
        values,
        repeats: if args.is("exclusive") { Repeats::Removed } else { Repeats::Kept },
        valueless: match args.is("allow_no_value") {
            true => Valueless::Allowed,
            false => Valueless::Refused,
        },
        sign: if args.is("no_extra_spaces") { "=" } else { " = " },
        ignores_spaces: args.is("ignore_spaces"),
        takes_comments: args.is("modify_inactive_option"),
    }
}

/// What is there afterwards, and stock's word for what was done.
fn present(
    args: &Arguments,
    text: &mut Text,
    conditions: &[Condition],
    values: Vec<String>,
) -> Result<&'static str> {
    let section = section_of(args);
    let option = args.text("option");
    if let Some(place) = text.find(section, conditions) {
        let Some(option) = option else {
            if values.is_empty() || !args.is("exclusive") || args.is("allow_no_value") {
                return Ok("OK");
            }
            let message = "decoding to str: need a bytes-like object, NoneType found";
            return Err(Failure::raised([message]));
        };
        return Ok(match edit_of(args, option, values).set(text, place.body) {
            Change::None => "OK",
            Change::Changed => "option changed",
            Change::Added => "option added",
        });
    }
    text.lines.push(format!("[{}]\n", section.unwrap_or(NAMELESS)));
    let edit = edit_of(args, option.unwrap_or_default(), values);
    text.lines.extend(edit.lines_of_new(conditions));
    Ok(match edit.option.is_empty() {
        true => "only section added",
        false => "section and option added",
    })
}

fn absent(
    args: &Arguments,
    text: &mut Text,
    conditions: &[Condition],
    values: Vec<String>,
) -> &'static str {
    let section = section_of(args);
    let Some(place) = text.find(section, conditions) else { return "OK" };
    match args.text("option").filter(|option| !option.is_empty()) {
        Some(option) => match edit_of(args, option, values).remove(text, place.body) {
            true => "option changed",
            false => "OK",
        },
        None => {
            text.remove(section, &place);
            "section removed"
        }
    }
}
