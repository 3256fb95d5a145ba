//! Replays what ansible-core made of the expressions in `tests/expressions`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use nafal_base::{Dict, Key, Scope, Source, Text, Value};
use nafal_parser::vault;
use nafal_templating::{DocumentOptions, Effects, Error, Renderer};
use serde_json::Value as Json;

struct Vars(Dict);

impl Scope for Vars {
    fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name).cloned()
    }

    fn names(&self, each: &mut dyn FnMut(&Text)) {
        self.0.keys().filter_map(Key::as_text).for_each(each);
    }
}

/// Files and environment as the recorder had them.
struct World {
    environment: BTreeMap<String, String>,
    folder: PathBuf,
}

impl Effects for World {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn find(&self, kinds: &[&str], name: &str) -> Option<PathBuf> {
        let named = Path::new(name);
        if named.is_absolute() {
            return named.exists().then(|| named.to_owned());
        }
        kinds
            .iter()
            .map(|kind| self.folder.join(kind).join(name))
            .chain([self.folder.join(name)])
            .find(|path| path.exists())
    }

    fn search_path(&self) -> Vec<PathBuf> {
        vec![self.folder.clone()]
    }

    fn env(&self, name: &str) -> Option<String> {
        self.environment.get(name).cloned()
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn metadata(&self, path: &Path) -> std::io::Result<std::fs::Metadata> {
        std::fs::symlink_metadata(path)
    }

    fn current_folder(&self) -> PathBuf {
        self.folder.clone()
    }

    fn glob(&self, pattern: &Path) -> std::io::Result<Vec<PathBuf>> {
        let (Some(folder), Some(name)) = (pattern.parent(), pattern.file_name()) else {
            return Ok(Vec::new());
        };
        let name = name.to_string_lossy().into_owned();
        let (before, after) = name.split_once('*').unwrap_or((&name, ""));
        let mut found: Vec<_> = std::fs::read_dir(folder)
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect::<Vec<_>>())
            .unwrap_or_default()
            .into_iter()
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with(before) && name.ends_with(after)
            })
            .collect();
        found.sort();
        Ok(found)
    }

    fn pipe(&self, command: &str) -> std::io::Result<(i32, Vec<u8>)> {
        let done = std::process::Command::new("/bin/sh").arg("-c").arg(command).output()?;
        Ok((done.status.code().unwrap_or(-1), done.stdout))
    }

    fn yaml(&self, text: &str) -> Result<Value, String> {
        nafal_parser::yaml::load_plain(text)
    }

    fn yaml_documents(&self, text: &str) -> Result<Vec<Value>, String> {
        nafal_parser::yaml::load_plain_all(text)
    }

    fn now(&self) -> std::time::SystemTime {
        std::time::SystemTime::now()
    }

    fn random(&self, bytes: &mut [u8]) -> std::io::Result<()> {
        bytes.fill(7);
        Ok(())
    }

    fn setting(&self, name: &str) -> Option<Value> {
        // Stock's defaults: the recorder runs without a config file.
        Some(match name {
            "DEFAULT_FORKS" => Value::Int(5),
            "DEFAULT_BECOME" => Value::Bool(false),
            _ => return None,
        })
    }

    fn encrypt(
        &self,
        text: &str,
        secret: &str,
        id: Option<&str>,
        salt: Option<&str>,
    ) -> Result<Text, String> {
        vault::encrypt_text(text, secret, id, salt).map_err(|error| error.to_string())
    }

    fn decrypt_with(&self, vault: &str, secret: &str) -> Result<Text, String> {
        vault::decrypt_text(vault, secret).map_err(|error| error.to_string())
    }
}

fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn decode(json: &Json, trusted: bool) -> Value {
    match json {
        Json::Null => Value::None,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(digits) => number(&digits.to_string()),
        Json::String(text) if trusted => Value::Str(Text::trusted(text.as_str(), None)),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::List(items.iter().map(|item| decode(item, trusted)).collect()),
        Json::Object(map) => {
            if map.len() == 1
                && let Some((kind, inner)) = map.iter().next()
                && let Some(value) = special(kind, inner, trusted)
            {
                return value;
            }
            let entries: Dict = map
                .iter()
                .map(|(key, value)| {
                    let key = if trusted {
                        Text::trusted(key.as_str(), None)
                    } else {
                        Text::new(key.as_str())
                    };
                    (key, decode(value, trusted))
                })
                .collect();
            Value::Dict(entries)
        }
    }
}

fn special(kind: &str, inner: &Json, trusted: bool) -> Option<Value> {
    let text = inner.as_str().unwrap_or("");
    Some(match kind {
        "__int__" => number(text),
        "__float__" => Value::Float(match text {
            "inf" => f64::INFINITY,
            "-inf" => f64::NEG_INFINITY,
            _ => f64::NAN,
        }),
        "__dict__" => {
            let mut dict = Dict::new();
            for pair in inner.as_array()? {
                let key = Key::new(decode(pair.get(0)?, trusted)).ok()?;
                dict.insert(key, decode(pair.get(1)?, trusted));
            }
            Value::Dict(dict)
        }
        "__tuple__" => match decode(inner, trusted) {
            Value::List(items) => Value::Tuple(items),
            other => other,
        },
        _ => return None,
    })
}

/// The value as the recorder writes it.
fn encode(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Bool(flag) => Json::Bool(*flag),
        Value::Int(number) => Json::from(*number),
        Value::Big(number) => serde_json::json!({"__int__": number.to_string()}),
        Value::Float(number) if !number.is_finite() => {
            serde_json::json!({"__float__": nafal_base::value::float_repr(*number)})
        }
        Value::Float(number) => {
            serde_json::from_str(&nafal_base::value::float_repr(*number)).unwrap()
        }
        Value::Str(text) => Json::from(text.as_str()),
        Value::Bytes(bytes) => serde_json::json!({"__bytes__": base64(bytes)}),
        Value::List(items) => Json::Array(items.iter().map(encode).collect()),
        Value::Tuple(items) => {
            serde_json::json!({"__tuple__": items.iter().map(encode).collect::<Vec<_>>()})
        }
        Value::Dict(dict) => {
            let plain = |key: &Key| {
                key.as_str().is_some_and(|key| !(key.starts_with("__") && key.ends_with("__")))
            };
            if dict.keys().all(plain) {
                return Json::Object(
                    dict.iter()
                        .map(|(key, value)| (key.as_str().unwrap().to_owned(), encode(value)))
                        .collect(),
                );
            }
            let pairs: Vec<_> = dict
                .iter()
                .map(|(key, value)| Json::Array(vec![encode(key.value()), encode(value)]))
                .collect();
            serde_json::json!({"__dict__": pairs})
        }
        Value::Obj(object) => match object.type_name() {
            "date" => serde_json::json!({"__date__": object.to_text()}),
            "datetime" => serde_json::json!({"__datetime__": object.to_text()}),
            "time" => serde_json::json!({"__time__": object.to_text()}),
            "timedelta" => serde_json::json!({"__timedelta__": object.to_text()}),
            "set" => {
                let items: Vec<_> =
                    object.iterate().unwrap_or_default().iter().map(encode).collect();
                serde_json::json!({"__set__": items})
            }
            name => serde_json::json!({"__object__": name}),
        },
        other => Json::from(format!("{other:?}")),
    }
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for index in 0..4 {
            if index <= chunk.len() {
                out.push(char::from(ALPHABET[(word >> (18 - 6 * index)) as usize & 63]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

fn options(json: Option<&Json>) -> DocumentOptions {
    let mut options = DocumentOptions::default();
    for (name, value) in json.and_then(Json::as_object).into_iter().flatten() {
        let text = value.as_str().unwrap_or("").to_owned();
        match name.as_str() {
            "trim_blocks" => options.trim_blocks = value.as_bool().unwrap(),
            "lstrip_blocks" => options.lstrip_blocks = value.as_bool().unwrap(),
            "variable_start_string" => options.variable_start = text,
            "variable_end_string" => options.variable_end = text,
            "block_start_string" => options.block_start = text,
            "block_end_string" => options.block_end = text,
            "comment_start_string" => options.comment_start = text,
            "comment_end_string" => options.comment_end = text,
            "newline_sequence" => options.newline_sequence = text,
            other => panic!("unknown option {other}"),
        }
    }
    options
}

/// Stock's own names of Python's types leak into some of its messages; ours don't.
fn plain_types(text: &str) -> String {
    text.replace("ansible.module_utils._internal._datatag.", "")
        .replace("_AnsibleTaggedStr", "str")
        .replace("_AnsibleTaggedInt", "int")
        .replace("_AnsibleTaggedFloat", "float")
        .replace("_AnsibleLazyTemplateDict", "dict")
        .replace("_AnsibleLazyTemplateList", "list")
        .replace("<origin>", "<unknown>")
}

fn run(vars: &Dict, world: &World, case: &Json) -> Result<Value, Error> {
    let vars = Vars(vars.clone());
    let renderer = Renderer::new(&vars, world);
    if let Some(template) = case.get("template") {
        return renderer.render(&decode(template, true));
    }
    if let Some(condition) = case.get("condition") {
        return renderer.condition(&decode(condition, true)).map(Value::Bool);
    }
    let source = Source::new("<origin>", case["template_file"].as_str().unwrap());
    renderer.document(&source, &options(case.get("options"))).map(Value::from)
}

fn check(vars: &Dict, world: &World, case: &Json) -> Result<(), Failed> {
    let outcome = run(vars, world, case);
    let wanted_error = case.get("error").and_then(Json::as_str);
    match (outcome, wanted_error) {
        (Ok(value), None) => {
            let (got, wanted) = (encode(&value), &case["value"]);
            let wanted = match wanted {
                Json::Null if case.get("template_file").is_some() => Json::from(""),
                other if case.get("template_file").is_some() && !other.is_string() => {
                    Json::from(decode(other, false).to_text().into_owned())
                }
                other => other.clone(),
            };
            if got == wanted && order(&got) == order(&wanted) {
                return Ok(());
            }
            Err(format!("gives {got}, stock {wanted}").into())
        }
        (Err(error), Some(wanted)) => {
            let got = plain_types(&error.chain());
            let wanted =
                plain_types(wanted).replace("<folder>", &world.folder.display().to_string());
            if got == wanted {
                Ok(())
            } else {
                Err(format!("fails: {got}\n          stock: {wanted}").into())
            }
        }
        (Ok(value), Some(wanted)) => {
            Err(format!("gives {}, stock fails: {wanted}", encode(&value)).into())
        }
        (Err(error), None) => {
            Err(format!("fails: {}, stock gives {}", error.chain(), case["value"]).into())
        }
    }
}

/// Keys in their order, since maps compare without it.
fn order(json: &Json) -> String {
    json.to_string()
}

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/expressions");
    let folder = folder.canonicalize().unwrap();
    // Where nafal is known to differ: replayed all the same, and must differ.
    let differing = std::fs::read_to_string(folder.join("differs.txt")).unwrap();
    let mut trials = Vec::new();
    let mut paths: Vec<_> = std::fs::read_dir(folder.join("recorded"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    for path in paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let json: Json = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let environment: BTreeMap<String, String> = serde_json::from_value(
            json.get("environment").cloned().unwrap_or_else(|| serde_json::json!({})),
        )
        .unwrap();
        let vars: Dict = [("vars", true), ("untrusted", false)]
            .into_iter()
            .flat_map(|(key, trusted)| match decode(&json[key], trusted) {
                Value::Dict(dict) => dict.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
                _ => Vec::new(),
            })
            .collect();
        for (index, case) in json["cases"].as_array().unwrap().iter().enumerate() {
            let text = ["template", "condition", "template_file"]
                .iter()
                .find_map(|kind| case.get(kind))
                .unwrap()
                .to_string();
            let (vars, case) = (vars.clone(), case.clone());
            let world = World { environment: environment.clone(), folder: folder.clone() };
            let key = format!("{name} {index:03}");
            let differs = differing.lines().any(|line| line.trim() == key);
            let shown =
                if differs { format!("differs::{key} {text}") } else { format!("{key} {text}") };
            trials.push(Trial::test(shown, move || {
                match (differs, check(&vars, &world, &case)) {
                    (false, result) => result,
                    (true, Err(_)) => Ok(()),
                    (true, Ok(())) => Err(Failed::from(format!(
                        "{key} is as ansible-core has it by now: take it out of tests/expressions/differs.txt"
                    ))),
                }
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}
