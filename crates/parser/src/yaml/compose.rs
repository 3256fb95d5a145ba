//! Events to values: anchors and aliases, nesting, tags, keys that stand twice. Must not know
//! what a plain scalar means, nor what a document is for.

use std::collections::HashMap;
use std::sync::Arc;

use nafal_base::{Diagnostic, List, Source, Span, Value};

use super::construct::{self, Trust};
use super::events::{Event, Events, Place, Properties, Style};
use super::load::Document;
use super::mapping::MappingFrame;
use super::places::Places;
use super::problem::{Fault, Problem};

/// How deep containers may nest: reading them again is recursive.
const DEPTH: usize = 400;

/// How many values aliases may stand for, all in all. Sharing makes them free here, but whoever
/// renders or writes them walks each.
const ALIASED: usize = 5_000_000;

pub(super) struct Composer<'a> {
    source: Arc<Source>,
    events: Events<'a>,
    /// What anchors name, and where they stand.
    anchors: HashMap<String, (Place, Anchored)>,
    frames: Vec<Frame>,
    places: Places,
    /// What text is outside of everything that says otherwise.
    trust: Trust,
    document: Place,
    /// Where the last document's value starts.
    root: Place,
    aliased: usize,
    pub(super) warnings: Vec<Diagnostic>,
    errors: Vec<Fault>,
}

/// What an anchor names.
enum Anchored {
    /// A container that isn't finished: an alias in it would make it contain itself.
    Open,
    Done {
        value: Value,
        size: usize,
        key: construct::KeyRole,
    },
}

struct Frame {
    kind: FrameKind,
    place: Place,
    anchor: Option<String>,
    trust: Trust,
    size: usize,
}

enum FrameKind {
    Sequence(Vec<Value>, construct::SequenceTag),
    Mapping(MappingFrame),
}

/// A finished value on its way into its container.
pub(super) struct Finished {
    pub value: Value,
    pub place: Place,
    pub key: construct::KeyRole,
    size: usize,
}

impl<'a> Composer<'a> {
    pub(super) fn new(
        source: &Arc<Source>,
        events: Events<'a>,
        (places, trust): (Places, Trust),
    ) -> Composer<'a> {
        Composer {
            source: Arc::clone(source),
            events,
            anchors: HashMap::new(),
            frames: Vec::new(),
            places,
            trust,
            document: Place::default(),
            root: Place::default(),
            aliased: 0,
            warnings: Vec::new(),
            errors: Vec::new(),
        }
    }

    pub(super) fn take_errors(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.errors)
    }

    pub(super) fn take_warnings(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.warnings)
    }

    /// Where the last document starts (its `---`, if it has one).
    pub(super) fn document_span(&self) -> Span {
        self.span(self.document)
    }

    /// The problem of a document that begins behind the one that should be the only one, if one
    /// does.
    pub(super) fn another(&mut self) -> Result<Option<Problem>, Problem> {
        loop {
            let (event, place) = self.events.next()?;
            match event {
                Event::StreamEnd => return Ok(None),
                Event::DocumentStart => {
                    let problem = Problem::new("but found another document", place);
                    let context = "expected a single document in the stream";
                    return Ok(Some(problem.within(context, self.root)));
                }
                _ => {}
            }
        }
    }

    fn span(&self, place: Place) -> Span {
        Span::new(&self.source, place.line, place.column)
    }

    /// The next document, or None at the end.
    pub(super) fn document(&mut self) -> Result<Option<Document>, Problem> {
        loop {
            let (event, place) = self.events.next()?;
            match event {
                Event::StreamEnd => return Ok(None),
                Event::DocumentStart => {
                    self.document = place;
                    self.anchors.clear();
                    return self.root().map(Some);
                }
                _ => {}
            }
        }
    }

    fn root(&mut self) -> Result<Document, Problem> {
        let mut root = None;
        loop {
            let (event, place) = self.events.next()?;
            let finished = match event {
                Event::DocumentEnd | Event::StreamEnd => break,
                Event::DocumentStart => continue,
                Event::Alias(name) => Some(self.alias(&name, place)?),
                Event::Scalar(properties, text, style) => {
                    Some(self.scalar(properties, text, style, place)?)
                }
                Event::SequenceStart(properties) => {
                    self.open(properties, place, FrameShape::Sequence)?;
                    None
                }
                Event::MappingStart(properties) => {
                    self.open(properties, place, FrameShape::Mapping)?;
                    None
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(),
            };
            if let Some(finished) = finished.and_then(|finished| self.attach(finished)) {
                root = Some(finished);
            }
        }
        let (value, place) =
            root.map_or((Value::None, self.document), |root| (root.value, root.place));
        self.root = place;
        let fresh = self.places.fresh();
        let places = std::mem::replace(&mut self.places, fresh);
        Ok(Document { value, span: self.span(place), places })
    }

    fn alias(&mut self, name: &str, place: Place) -> Result<Finished, Problem> {
        match self.anchors.get(name) {
            None => Err(Problem::new("found undefined alias", place)),
            Some((_, Anchored::Open)) => {
                let what = format!("the alias '*{name}' stands inside of what it names");
                Err(Problem::new(what, place))
            }
            Some((_, Anchored::Done { value, size, key })) => {
                self.aliased += size;
                if self.aliased > ALIASED {
                    let what = format!("aliases stand for more than {ALIASED} values");
                    return Err(Problem::limit(what, place));
                }
                Ok(Finished { value: value.clone(), place, key: *key, size: *size })
            }
        }
    }

    fn scalar(
        &mut self,
        properties: Properties,
        text: String,
        style: Style,
        place: Place,
    ) -> Result<Finished, Problem> {
        self.declare(properties.anchor.as_deref(), place)?;
        let span = self.span(place);
        let scalar = construct::Scalar { text, style, tag: properties.tag, trust: self.trust() };
        let (value, key) = match construct::scalar(scalar, &span, place) {
            Ok(pair) => pair,
            Err(error) => {
                self.errors.push(error);
                (Value::None, construct::KeyRole::Plain)
            }
        };
        if let Some(name) = properties.anchor {
            let done = Anchored::Done { value: value.clone(), size: 1, key };
            self.anchors.insert(name, (place, done));
        }
        Ok(Finished { value, place, key, size: 1 })
    }

    fn trust(&self) -> Trust {
        self.frames.last().map_or(self.trust, |frame| frame.trust)
    }

    /// Registers an anchor, which a document may have once: libyaml's events don't tell.
    fn declare(&mut self, anchor: Option<&str>, place: Place) -> Result<(), Problem> {
        let Some(name) = anchor else { return Ok(()) };
        match self.anchors.insert(name.to_owned(), (place, Anchored::Open)) {
            Some((first, _)) => Err(Problem::new("second occurrence", place)
                .within("found duplicate anchor; first occurrence", first)),
            None => Ok(()),
        }
    }

    fn open(
        &mut self,
        properties: Properties,
        place: Place,
        shape: FrameShape,
    ) -> Result<(), Problem> {
        self.declare(properties.anchor.as_deref(), place)?;
        if self.frames.len() >= DEPTH {
            let what = format!("lists and mappings nest deeper than {DEPTH} levels");
            return Err(Problem::limit(what, place));
        }
        let mut trust = self.trust();
        let span = self.span(place);
        let tag = properties.tag.as_deref();
        let (tag, errors) = construct::collection_tag(tag, (shape, trust), place);
        self.errors.extend(errors.map(Fault::from));
        if tag.is_untrusted() {
            trust = Trust::Data;
        }
        if let Some(warning) = tag.deprecation(&span) {
            self.warnings.push(warning);
        }
        let kind = match shape {
            FrameShape::Sequence => FrameKind::Sequence(Vec::new(), tag.sequence()),
            FrameShape::Mapping => FrameKind::Mapping(MappingFrame::new(tag.is_set())),
        };
        self.frames.push(Frame { kind, place, anchor: properties.anchor, trust, size: 1 });
        Ok(())
    }

    fn close(&mut self) -> Option<Finished> {
        let frame = self.frames.pop()?;
        let span = self.span(frame.place);
        let value = match frame.kind {
            FrameKind::Sequence(items, tag) => {
                let place = |index| self.places.item_place(frame.place, index);
                match construct::sequence(items, tag, &span, (frame.place, place)) {
                    Ok(list) => Value::List(list),
                    Err(error) => {
                        self.errors.push(error.into());
                        Value::List(List::new())
                    }
                }
            }
            FrameKind::Mapping(mapping) => {
                mapping.finish(span, &mut self.warnings, &mut self.errors)
            }
        };
        if let Some(name) = frame.anchor {
            let done = Anchored::Done {
                value: value.clone(),
                size: frame.size,
                key: construct::KeyRole::Plain,
            };
            self.anchors.insert(name, (frame.place, done));
        }
        let key = construct::KeyRole::Plain;
        Some(Finished { value, place: frame.place, key, size: frame.size })
    }

    /// Puts a value where it belongs; gives it back when it is the root.
    fn attach(&mut self, finished: Finished) -> Option<Finished> {
        let Some(frame) = self.frames.last_mut() else {
            self.errors.extend(construct::only_key(finished.key, finished.place));
            return Some(finished);
        };
        frame.size += finished.size;
        match &mut frame.kind {
            FrameKind::Sequence(items, _) => {
                self.errors.extend(construct::only_key(finished.key, finished.place));
                if finished.value.span().is_none() {
                    self.places.note_item(frame.place, items.len(), finished.place);
                }
                items.push(finished.value);
            }
            FrameKind::Mapping(mapping) => {
                mapping.add(finished, frame.place, &mut self.places, &mut self.errors);
            }
        }
        None
    }
}

/// Which kind of collection opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameShape {
    Sequence,
    Mapping,
}
