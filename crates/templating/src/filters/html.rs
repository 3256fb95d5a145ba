//! Filters for HTML and XML. Text that is escaped or safe already carries a mark, so that it isn't
//! escaped again.

use nafal_base::{Marks, Text, Value};

use crate::arguments::{Signature, fail, flag, given, int, settled, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};

const fn filter(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
) -> Filter {
    Filter { names, undefined: OnUndefined::PassOn, members: OnMembers::Render, doc, run }
}

/// The filters.
pub const FILTERS: &[Filter] = &[
    filter(&["escape", "e"], "the text with what HTML acts on escaped, once", escape),
    filter(
        &["forceescape"],
        "the text with what HTML acts on escaped, again if need be",
        forceescape,
    ),
    filter(&["safe"], "the text, marked as safe in HTML", safe),
    filter(&["striptags"], "the text without tags and comments", striptags),
    filter(&["urlize"], "the text with its URLs as links", urlize),
    filter(&["xmlattr"], "a dict as attributes of a tag", xmlattr),
];

/// The text with `& < > ' "` as entities.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\'' => out.push_str("&#39;"),
            '"' => out.push_str("&#34;"),
            c => out.push(c),
        }
    }
    out
}

fn markup(text: impl Into<Box<str>>) -> Value {
    Value::Str(Text::markup(text))
}

fn is_markup(value: &Value) -> bool {
    matches!(value, Value::Str(text) if text.marks().contains(Marks::MARKUP))
}

fn escape(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("escape", [], 0).bind(args)?;
    if is_markup(value) { Ok(value.clone()) } else { Ok(markup(escaped(&text(value)?))) }
}

fn forceescape(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_forceescape", [], 0).bind(args)?;
    Ok(markup(escaped(&text(value)?)))
}

fn safe(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_mark_safe", [], 0).bind(args)?;
    Ok(markup(text(value)?))
}

fn striptags(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_striptags", [], 0).bind(args)?;
    let mut out = text(value)?.into_owned();
    for (open, close) in [("<!--", "-->"), ("<", ">")] {
        let mut from = 0;
        while let Some(start) = out[from..].find(open).map(|at| at + from) {
            let Some(end) = out[start..].find(close).map(|at| at + start) else {
                break;
            };
            out.replace_range(start..end + close.len(), "");
            from = start;
        }
    }
    let words: Vec<&str> = crate::python_text::split_blanks(&out, None);
    Ok(unescaped(&words.join(" ")).into())
}

/// The characters that the commonest names of HTML stand for.
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("hellip", '…'),
    ("mdash", '—'),
    ("ndash", '–'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("euro", '€'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("agrave", 'à'),
    ("ccedil", 'ç'),
];

fn entity(name: &str) -> Option<char> {
    if let Some(code) = name.strip_prefix('#') {
        let code = match code.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => code.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let found = after.find(';').and_then(|end| Some((entity(&after[..end])?, end)));
        match found {
            Some((c, end)) => {
                out.push(c);
                rest = &after[end + 1..];
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out + rest
}

fn xmlattr(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [space] =
        Signature::filter("do_xmlattr", ["autospace"], 0).with_environment().bind(args)?;
    settled(value)?;
    let Value::Dict(dict) = value else {
        return fail(format!(
            "'{}' object has no attribute 'items'",
            crate::arguments::class_name(value)
        ));
    };
    let mut attributes = Vec::new();
    for (key, value) in dict {
        if value.is_none() {
            continue;
        }
        let name = key.value().to_text();
        if name.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '=')) {
            return fail(format!(
                "Invalid character in attribute name: {}",
                nafal_base::value::string_repr(&name)
            ));
        }
        let value =
            if is_markup(value) { value.to_text().into_owned() } else { escaped(&value.to_text()) };
        attributes.push(format!("{}=\"{value}\"", escaped(&name)));
    }
    let joined = attributes.join(" ");
    let blank = if flag(space, true) && !joined.is_empty() { " " } else { "" };
    Ok(format!("{blank}{joined}").into())
}

/// How links are written.
struct Links {
    limit: Option<usize>,
    rel: String,
    target: String,
}

impl Links {
    fn link(&self, href: &str, shown: &str) -> String {
        let shown = match self.limit {
            Some(limit) if shown.chars().count() > limit => {
                shown.chars().take(limit).collect::<String>() + "..."
            }
            _ => shown.to_owned(),
        };
        format!("<a href=\"{href}\"{}{}>{shown}</a>", self.rel, self.target)
    }

    fn word(&self, word: &str) -> String {
        let (head, rest) = split_head(word);
        let (middle, tail) = split_tail(rest);
        let linked = if middle.starts_with("http://") || middle.starts_with("https://") {
            is_web(&middle[middle.find("//").map_or(0, |at| at + 2)..])
                .then(|| self.link(middle, middle))
        } else if middle.starts_with("www.") && is_web(middle) {
            Some(self.link(&format!("https://{middle}"), middle))
        } else {
            let address = middle.strip_prefix("mailto:").unwrap_or(middle);
            is_mail(address).then(|| format!("<a href=\"mailto:{address}\">{address}</a>"))
        };
        match linked {
            Some(linked) => format!("{head}{linked}{tail}"),
            None => word.to_owned(),
        }
    }
}

fn split_head(word: &str) -> (&str, &str) {
    let mut rest = word;
    while let Some(after) = ["(", "&lt;"].iter().find_map(|sign| rest.strip_prefix(sign)) {
        rest = after;
    }
    word.split_at(word.len() - rest.len())
}

fn split_tail(word: &str) -> (&str, &str) {
    let mut rest = word;
    while let Some(before) =
        [")", "&gt;", ".", ",", "\n"].iter().find_map(|sign| rest.strip_suffix(sign))
    {
        rest = before;
    }
    word.split_at(rest.len())
}

/// Whether it begins like a host: names with a dot, a port and a path as they like.
fn is_web(rest: &str) -> bool {
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    let name = host.split(':').next().unwrap_or("");
    let labels: Vec<&str> = name.split('.').collect();
    let label =
        |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    labels.len() > 1
        && labels.iter().all(label)
        && labels.last().is_some_and(|last| last.chars().count() > 1)
        || name == "localhost"
}

fn is_mail(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else {
        return false;
    };
    !user.is_empty() && !user.contains(['<', '>', '(', ')']) && is_web(host) && host.contains('.')
}

fn urlize(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [limit, nofollow, target, rel, _schemes] = Signature::filter(
        "do_urlize",
        ["trim_url_limit", "nofollow", "target", "rel", "extra_schemes"],
        0,
    )
    .with_environment()
    .bind(args)?;
    let mut rels: Vec<String> = match given(rel) {
        Some(rel) => text(rel)?.split_whitespace().map(str::to_owned).collect(),
        None => Vec::new(),
    };
    if flag(nofollow, false) {
        rels.push("nofollow".to_owned());
    }
    rels.push("noopener".to_owned());
    rels.sort();
    rels.dedup();
    let links = Links {
        limit: given(limit).map(int).transpose()?.map(crate::arguments::count),
        rel: format!(" rel=\"{}\"", escaped(&rels.join(" "))),
        target: match given(target) {
            Some(target) => format!(" target=\"{}\"", escaped(&text(target)?)),
            None => String::new(),
        },
    };
    let whole = escaped(&text(value)?);
    let mut out = String::with_capacity(whole.len() * 2);
    let mut word = String::new();
    for c in whole.chars() {
        if c.is_whitespace() {
            out.push_str(&links.word(&std::mem::take(&mut word)));
            out.push(c);
        } else {
            word.push(c);
        }
    }
    out.push_str(&links.word(&word));
    Ok(out.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_and_links() {
        assert_eq!(unescaped("a &lt; &#65;&#x42; &nosuch; &"), "a < AB &nosuch; &");
        assert_eq!(escaped("<a b='c'>"), "&lt;a b=&#39;c&#39;&gt;");
        let links = Links { limit: None, rel: String::new(), target: String::new() };
        assert_eq!(
            links.word("(http://x.org/a)."),
            "(<a href=\"http://x.org/a\">http://x.org/a</a>)."
        );
        assert_eq!(links.word("http://x"), "http://x");
        assert_eq!(links.word("a@b.de"), "<a href=\"mailto:a@b.de\">a@b.de</a>");
    }
}
