//! The call tree of a diff: its sums are conserved, and a coarser tree is the finer one folded.

mod support;

use leakdiff::diff::{Diff, Folded, Node, Options, Sums, Tree, TreeOptions, Width, diff};
use leakdiff::load::{Input, Limits, load};

fn fixture(scenario: &str, numbers: [u8; 2]) -> Diff {
    let input = |number| {
        let path = support::fixture(&format!("{scenario}/heap{number}.pb.gz"));
        let file = std::fs::File::open(&path).expect("a fixture");
        Input::new(path, file)
    };
    let loaded = load(numbers.map(input).into(), Limits::default()).expect("a valid profile");
    diff(loaded, &Options::default()).expect("profiles of one kind")
}

fn of_profiles(profiles: &[support::Profile]) -> Diff {
    let input = |(number, profile): (usize, &support::Profile)| {
        let content = Box::new(std::io::Cursor::new(profile.encode()));
        Input { label: number.to_string(), path: number.to_string(), content }
    };
    let loaded = load(profiles.iter().enumerate().map(input).collect(), Limits::default()).expect("profiles");
    diff(loaded, &Options::default()).expect("profiles of one kind")
}

fn options(diff: &Diff, share: f64, inverted: bool) -> TreeOptions {
    let metrics = (0..diff.metrics.len()).collect();
    TreeOptions { metrics, companions: Vec::new(), share, most_nodes: usize::MAX, inverted }
}

/// Own, folded and children add up to the node; every child but the root's is where it says.
fn assert_conserved(diff: &Diff, tree: &Tree) {
    for (index, node) in tree.nodes().iter().enumerate() {
        let mut sums = tree.own(index).to_vec();
        let mut add = |more: &[Sums]| sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        add(tree.folded(index));
        for child in node.children.clone() {
            assert_eq!((tree.node(child).parent, tree.node(child).depth), (index, node.depth + 1));
            assert!(child > index && tree.weight(child) <= tree.weight(index));
            add(tree.sums(child));
        }
        assert_eq!(sums, tree.sums(index), "node {index}");
    }
    for (metric, sums) in tree.sums(0).iter().enumerate() {
        let totals = diff.totals(tree.metrics[metric]);
        assert_eq!((sums.before, sums.after), (totals[0], totals[1]));
        assert_eq!(sums.delta(), sums.grown - sums.shrunk);
    }
}

#[test]
fn children_own_and_folded_sums_add_up_to_every_node() {
    for scenario in ["http-body", "large", "sawtooth"] {
        let diff = fixture(scenario, [2, 3]);
        for (share, inverted) in [(0.0, false), (0.0, true), (0.001, false), (0.05, true)] {
            assert_conserved(&diff, &Tree::new(&diff, &options(&diff, share, inverted)));
        }
    }
}

#[test]
fn folding_a_tree_is_building_it_with_a_larger_share() {
    let diff = fixture("large", [1, 3]);
    let fine = Tree::new(&diff, &options(&diff, 0.0005, false));
    let coarse = Tree::new(&diff, &options(&diff, 0.01, false));
    assert!(coarse.len() < fine.len());
    assert_eq!(fine.fold(0.01), coarse);
    assert_conserved(&diff, &coarse);
}

#[test]
fn a_tree_has_no_more_nodes_than_it_may() {
    let diff = fixture("large", [1, 3]);
    let whole = Tree::new(&diff, &options(&diff, 0.0, false));
    assert!(!whole.is_cut);
    for (most_nodes, inverted) in [(1, false), (2, true), (100, false), (1000, true), (whole.len(), false)] {
        let tree = Tree::new(&diff, &TreeOptions { most_nodes, ..options(&diff, 0.0, inverted) });
        assert_eq!((tree.len(), tree.is_cut), (most_nodes, most_nodes < whole.len()));
        assert_conserved(&diff, &tree);
    }
}

#[test]
fn the_width_of_the_larger_side_adds_up_stack_by_stack() {
    let mut sums = Sums::of(10, 4);
    sums += &Sums::of(0, 7);
    assert_eq!(sums, Sums { before: 10, after: 11, grown: 7, shrunk: 6 });
    assert_eq!((sums.width(Width::Growth), sums.width(Width::Max)), (13, 17));
}

#[test]
fn a_frame_of_exactly_the_share_has_a_node_of_its_own() {
    let types = [("inuse_space", "bytes")];
    let profile = support::Profile::bare().types(&types).stack("main.quarter;main.main", [16]);
    let profile = profile.stack("main.rest;main.main", [47]).stack("main.less;main.main", [1]);
    let diff = of_profiles(&[profile]);
    let all = Tree::new(&diff, &options(&diff, 0.0, false));
    assert_eq!(all.len(), 5);
    // Of 64 bytes.
    for (share, nodes, folded) in [(1.0 / 64.0, 5, 0), (0.25, 4, 1), (0.250_001, 3, 2)] {
        let built = Tree::new(&diff, &options(&diff, share, false));
        assert_eq!((built.len(), built.node(1).folded), (nodes, Folded { frames: folded, stacks: folded }), "{share}");
        assert_eq!(all.fold(share), built, "{share}");
    }
}

#[test]
fn a_frame_stands_where_most_of_its_change_went() {
    let stack = |profile: support::Profile, leaf: &str, line: u32, value: i64| {
        profile.stack(&format!("{leaf};main.f@/src/f.go:{line};main.main@/src/main.go:1"), [value])
    };
    let profile = || support::Profile::bare().types(&[("inuse_space", "bytes")]);
    // At line 5 two bytes more; at line 3 three times one more; at line 9 the most, but no more than before.
    let before = stack(stack(stack(stack(stack(profile(), "a", 3, 1), "b", 3, 1), "c", 3, 1), "d", 5, 7), "e", 9, 90);
    let after = stack(stack(stack(stack(stack(profile(), "a", 3, 2), "b", 3, 2), "c", 3, 2), "d", 5, 9), "e", 9, 90);
    let diff = of_profiles(&[before, after]);
    for inverted in [false, true] {
        let tree = Tree::new(&diff, &options(&diff, 0.0, inverted));
        let is_f = |node: &&Node| node.key.is_some_and(|key| diff.keys.key(key).name == "main.f");
        let lines: Vec<i64> = tree.nodes().iter().filter(is_f).filter_map(|node| Some(node.spot?.line)).collect();
        assert_eq!(lines, if inverted { vec![3, 3, 3, 5, 9] } else { vec![3] });
    }
}
