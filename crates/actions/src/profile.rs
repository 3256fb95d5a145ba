//! How arguments and results of modules in Python travel as JSON (`serialization_profile` of their METADATA):
//! `legacy` knows no dates, `modern` marks them. Must not know how modules run.

use nafal_base::dates::{Date, DateTime, Time, from_iso, iso_text};
use nafal_base::{Dict, Key, Value};

/// The key that marks a value of another type than JSON's.
const MARK: &str = "__ansible_type";

/// A profile that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// What has no profile has this one.
    Legacy,
    /// Dates keep their types.
    Modern,
}

impl Profile {
    /// The profile of this name.
    pub fn of(name: &str) -> Result<Profile, String> {
        match name {
            "legacy" => Ok(Profile::Legacy),
            "modern" => Ok(Profile::Modern),
            _ => Err(format!("Unknown profile name 'module_{name}_c2m'.")),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Legacy => "legacy",
            Profile::Modern => "modern",
        }
    }

    /// Arguments as they travel.
    pub fn encode(self, args: &Dict, module: &str) -> Result<Dict, String> {
        if self == Profile::Legacy {
            return Ok(args.clone());
        }
        marked_dict(args).map_err(|what| {
            format!("Failed to serialize arguments for the '{module}' module: {what} is not JSON serializable by the 'module_modern_c2m' profile.")
        })
    }

    /// A result as it came.
    pub fn decode(self, values: Dict) -> Dict {
        match self {
            Profile::Legacy => values,
            Profile::Modern => each(&values, &plain),
        }
    }
}

fn each(dict: &Dict, change: &dyn Fn(&Value) -> Value) -> Dict {
    dict.iter().map(|(key, value)| (key.clone(), change(value))).collect()
}

fn marked_dict(dict: &Dict) -> Result<Dict, String> {
    let entry = |(key, value): (&Key, &Value)| match key.as_str() {
        Some(_) => Ok((key.clone(), marked(value)?)),
        None => Err(format!("Key of type '{}'", key.value().type_name())),
    };
    dict.iter().map(entry).collect()
}

fn all<'a>(items: impl Iterator<Item = &'a Value>) -> Result<Vec<Value>, String> {
    items.map(marked).collect()
}

fn marked(value: &Value) -> Result<Value, String> {
    Ok(match value {
        Value::Dict(dict) => Value::Dict(marked_dict(dict)?),
        Value::List(items) => Value::from(all(items.iter())?),
        Value::Tuple(items) => Value::from(all(items.iter())?),
        Value::Obj(object) => {
            let kind = if object.downcast::<Date>().is_some() {
                "AnsibleSerializableDate"
            } else if object.downcast::<Time>().is_some() {
                "AnsibleSerializableTime"
            } else {
                "AnsibleSerializableDateTime"
            };
            let Some(text) = iso_text(value) else { return Ok(value.clone()) };
            let mut dict = Dict::new();
            dict.insert("iso8601", Value::from(text));
            if kind != "AnsibleSerializableDate" {
                dict.insert("fold", Value::Int(0));
            }
            dict.insert(MARK, Value::from(kind));
            Value::Dict(dict)
        }
        other => other.clone(),
    })
}

fn plain(value: &Value) -> Value {
    match value {
        Value::Dict(dict) => date(dict).unwrap_or_else(|| Value::Dict(each(dict, &plain))),
        Value::List(items) => Value::from(items.iter().map(plain).collect::<Vec<_>>()),
        other => other.clone(),
    }
}

/// The date that a dict stands for.
fn date(dict: &Dict) -> Option<Value> {
    let kind = dict.get(MARK)?.as_str()?;
    let text = dict.get("iso8601")?.as_str()?;
    let (moment, offset) = from_iso(text)?;
    match kind {
        "AnsibleSerializableDate" => Some(Date(moment).into()),
        "AnsibleSerializableTime" => Some(Time::from(&moment).into()),
        "AnsibleSerializableDateTime" => Some(DateTime { moment, offset }.into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use nafal_base::dates::Moment;

    use super::*;

    #[test]
    fn there_and_back() {
        let mut moment = Moment::midnight(2024, 1, 2);
        (moment.hour, moment.microsecond) = (3, 4);
        let values = [
            ("date", Value::from(Date(Moment::midnight(2024, 1, 2)))),
            ("time", Value::from(Time::from(&moment))),
            ("moment", Value::from(DateTime { moment, offset: Some(7200) })),
            ("list", Value::from(vec![Value::from(Date(Moment::midnight(2024, 1, 2)))])),
            ("text", Value::from("2024-01-02")),
        ];
        let args: Dict = values.into_iter().collect();
        let sent = Profile::Modern.encode(&args, "m").unwrap();
        let date = sent.get("date").unwrap().repr();
        assert_eq!(date, "{'iso8601': '2024-01-02', '__ansible_type': 'AnsibleSerializableDate'}");
        let back = Profile::Modern.decode(sent);
        assert_eq!(Value::Dict(back).repr(), Value::Dict(args.clone()).repr());
        assert_eq!(Profile::Legacy.encode(&args, "m").unwrap().len(), 5);
        let odd: Dict = [(Key::new(Value::Int(1)).unwrap(), Value::None)].into_iter().collect();
        let fault = Profile::Modern.encode(&odd, "m").unwrap_err();
        assert!(fault.contains("Key of type 'int' is not JSON serializable"), "{fault}");
        assert!(Profile::of("nosuch").is_err());
    }
}
