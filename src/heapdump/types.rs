//! stub
use super::chain::Chain;
use super::names::Names;

/// What is known of an object on a path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Label {
    /// The field of the holder that leads to it, with its dot.
    pub field: String,
    /// Its type.
    pub type_name: String,
}

pub(super) fn labels(chain: &Chain<'_>, names: &Names<'_>) -> Vec<Label> {
    let _ = names;
    vec![Label::default(); chain.links.len()]
}
