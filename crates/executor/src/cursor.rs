//! Where a host is in a track, and in which blocks: how a failure finds its rescue.

use nafal_graph::{BlockId, Node, RoleId};

use crate::track::Track;

/// Which part of a block a host is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Body,
    Rescue,
    Always,
}

/// A block that a host is in.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub block: BlockId,
    pub part: Part,
    pub has_rescue: bool,
    /// A failure that goes on outwards at the block's end.
    pub failed: bool,
    /// Whether a failure is being rescued, or has been.
    pub rescued: bool,
}

/// Whether a host goes on after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AfterFailure {
    /// A rescue takes it.
    Rescued,
    /// Only `always` parts are left before it is out.
    Unwinding,
    /// It is out.
    Out,
}

/// A host's place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cursor {
    /// Index in the track; its length when the host is through.
    pub position: usize,
    /// Blocks around, outermost first.
    pub frames: Vec<Frame>,
}

impl Cursor {
    /// Goes past the node that the host is at, which ended well.
    pub(crate) fn advance(&mut self) {
        self.position += 1;
    }

    /// Goes over a boundary node. Gives true when the host is out: a failure left its last block.
    pub(crate) fn cross(&mut self, track: &Track) -> Option<AfterFailure> {
        match track.node(self.position)? {
            Node::BlockStart(block) => {
                self.frames.push(Frame {
                    block: block.id,
                    part: Part::Body,
                    has_rescue: block.has_rescue,
                    failed: false,
                    rescued: false,
                });
                self.advance();
            }
            Node::RescueStart(id) => {
                // Reached from the body: nothing failed.
                let target = track.find(
                    self.position,
                    |node| matches!(node, Node::AlwaysStart(other) if other == id),
                );
                self.position = target;
            }
            Node::AlwaysStart(id) => {
                if let Some(frame) = self.frames.last_mut().filter(|frame| frame.block == *id) {
                    frame.part = Part::Always;
                }
                self.advance();
            }
            Node::BlockEnd(_) => {
                self.advance();
                if self.frames.pop().is_some_and(|frame| frame.failed) {
                    return Some(self.fail(track));
                }
            }
            Node::IncludeStart(_) | Node::IncludeEnd(_) | Node::RoleEnd(_) => self.advance(),
            Node::Task(_) | Node::Flush => {}
        }
        None
    }

    /// Takes a failure at the node that the host is at.
    pub(crate) fn fail(&mut self, track: &Track) -> AfterFailure {
        while let Some(frame) = self.frames.last_mut() {
            let id = frame.block;
            match frame.part {
                Part::Body if frame.has_rescue => {
                    frame.part = Part::Rescue;
                    frame.rescued = true;
                    self.position = track.find(
                        self.position,
                        |node| matches!(node, Node::RescueStart(other) if *other == id),
                    ) + 1;
                    return AfterFailure::Rescued;
                }
                Part::Body | Part::Rescue => {
                    frame.failed = true;
                    frame.part = Part::Always;
                    let outer = self.is_rescued_outside();
                    self.position = track.find(
                        self.position,
                        |node| matches!(node, Node::AlwaysStart(other) if *other == id),
                    ) + 1;
                    return if outer { AfterFailure::Rescued } else { AfterFailure::Unwinding };
                }
                Part::Always => {
                    self.position = track.find(
                        self.position,
                        |node| matches!(node, Node::BlockEnd(other) if *other == id),
                    );
                    self.frames.pop();
                }
            }
        }
        self.position = track.len();
        AfterFailure::Out
    }

    /// Forgets the failures that would go on outwards at the ends of the blocks around.
    pub(crate) fn forgive(&mut self) {
        self.frames.iter_mut().for_each(|frame| frame.failed = false);
    }

    /// Goes to the end of a role, past what is left of it; blocks that begin inside it are left.
    pub(crate) fn leave_role(&mut self, track: &Track, role: RoleId) {
        while self.position < track.len() {
            match track.node(self.position) {
                Some(Node::RoleEnd(id)) if *id == role => return,
                Some(Node::BlockEnd(id))
                    if self.frames.last().is_some_and(|frame| frame.block == *id) =>
                {
                    self.frames.pop();
                }
                _ => {}
            }
            self.position += 1;
        }
    }

    /// Whether a block further out will rescue the failure that the innermost one hands on.
    fn is_rescued_outside(&self) -> bool {
        let outer = self.frames.len().saturating_sub(1);
        self.frames.iter().take(outer).any(|frame| frame.part == Part::Body && frame.has_rescue)
    }

    /// Whether a failure now would be rescued.
    pub(crate) fn would_rescue(&self) -> bool {
        self.frames.iter().any(|frame| frame.part == Part::Body && frame.has_rescue)
    }
}
