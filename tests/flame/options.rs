//! Colours, words, and the options of `leakdiff flame`.

use crate::picture::Picture;
use crate::support::{Files, Profile, diff, fixture, run, run_on};
use crate::{before_and_after, flame};

#[test]
fn every_frame_has_the_colour_of_its_cumulative_change() {
    let [old, new] = before_and_after();
    let picture = Picture::parse(&flame([&old, &new], &["--width", "max"]));
    let class = |name: &str| picture.frame(name).class.clone();
    assert_eq!(class("all stacks"), "g8", "callers are coloured, too");
    assert_eq!(class("main.main"), "g8");
    assert_eq!(class("pages.Rendered"), "g8");
    assert_eq!(class("bufio.NewReaderSize"), "n3", "hatched: new");
    assert_eq!(class("sessions.Close"), "s2 gone", "dashed: gone");
    assert_eq!(class("api.login"), "s2");
    assert_eq!(class("config.Load"), "z");
    assert_eq!(class("tiny.Leak"), "g1", "a change a thousand times smaller is still no white");
}

#[test]
fn titles_say_name_place_change_objects_and_share() {
    let [old, new] = before_and_after();
    let picture = Picture::parse(&flame([&old, &new], &[]));
    assert_eq!(
        picture.frame("pages.Rendered").title,
        "pages.Rendered\npages/cache.go:47\n1.0 MiB → 49.0 MiB, +48.0 MiB (49.0×)\n\
         objects: 16,384 → 802,816, +786,432 (49.0×)\n90.5 % of all growth"
    );
    assert!(picture.frame("bufio.NewReaderSize").title.contains("0 B → 5.0 MiB, +5.0 MiB (new)"));
    assert!(picture.frame("sessions.Close").title.contains("1.0 MiB → 0 B, -1.0 MiB (gone)"));
    assert!(picture.frame("sessions.Close").title.contains("33.3 % of all shrinkage"));
    assert!(picture.frame("config.Load").title.contains("8.0 MiB (unchanged)"));
    assert!(picture.frame("store.(*Cache[...]).Put").text.is_empty());
}

#[test]
fn the_header_names_inputs_times_metric_and_totals() {
    let [old, new] = before_and_after();
    let picture = Picture::parse(&flame([&old, &new], &[]));
    for text in [
        "Change of inuse_space: old → new",
        "before: old, 2026-11-20 12:00:00 UTC",
        "after:  new, 2026-11-20 12:10:00 UTC, 10 min later",
        "-50.0 MiB",
        "+50.0 MiB",
        "unchanged",
    ] {
        assert!(picture.texts.iter().any(|found| found == text), "{text:?} in {:#?}", picture.texts);
    }
    let total = "inuse_space (live bytes): 15.0 MiB → 65.0 MiB, +50.0 MiB (4.3×)";
    assert!(picture.texts.iter().any(|text| text.starts_with(total)), "{:#?}", picture.texts);
}

#[test]
fn a_title_of_ones_own_replaces_the_usual_one() {
    let [old, new] = before_and_after();
    let picture = Picture::parse(&flame([&old, &new], &["--title", "INC-42 <b>leak</b>"]));
    assert!(picture.texts.iter().any(|text| text == "INC-42 <b>leak</b>"));
    assert!(!picture.elements.contains_key("b"));
}

#[test]
fn inverted_starts_at_what_allocates() {
    let [old, new] = before_and_after();
    let picture = Picture::parse(&flame([&old, &new], &["--inverted"]));
    let at = picture.frames.iter().position(|frame| frame.name() == "pages.Rendered").expect("the leaf");
    let below: Vec<(usize, &str)> =
        picture.frames[at..at + 3].iter().map(|frame| (frame.depth, frame.name())).collect();
    assert_eq!(below, [(1, "pages.Rendered"), (2, "api.page"), (3, "main.main")]);
}

#[test]
fn the_root_may_be_any_function() {
    let [old, new] = before_and_after();
    let picture = Picture::parse(&flame([&old, &new], &["--flame-root", "api.login"]));
    assert_eq!(picture.frames[1].name(), "api.login");
    assert_eq!(picture.frames[0].sums, [4 << 20, 1 << 20, 0, 3 << 20]);
    let files = Files::new();
    let path = files.write("a.pb", old.encode());
    run(&["flame", &path, &path, "--flame-root", "api.log"])
        .failed(&["--flame-root api.log", "no function has this name"]);
    run(&["flame", &path, &path, "--flame-root", "x", "--show-from", "y"]).failed(&["--show-from"]);
}

#[test]
fn focus_leaves_out_the_other_stacks() {
    let [old, new] = before_and_after();
    let picture = Picture::parse(&flame([&old, &new], &["--focus", "sessions"]));
    assert!(picture.frames.iter().all(|frame| !frame.name().contains("pages")));
}

#[test]
fn two_equal_profiles_give_a_picture_that_says_so() {
    let [old, _] = before_and_after();
    let picture = Picture::parse(&flame([&old, &old], &[]));
    assert!(
        picture.texts.iter().any(|text| text.contains("15.0 MiB (unchanged). Nothing changed;")),
        "{:#?}",
        picture.texts
    );
    assert_eq!((picture.frames[0].width, picture.frames[0].class.as_str()), (1180.0, "z"));
    assert!(picture.frames[1..].iter().all(|frame| frame.hidden));
}

#[test]
fn profiles_without_samples_give_a_picture() {
    let empty = Profile::new();
    let picture = Picture::parse(&flame([&empty, &empty], &[]));
    assert_eq!(picture.frames.len(), 1);
    let [old, _] = before_and_after();
    let picture = Picture::parse(&flame([&old, &empty], &[]));
    assert_eq!(picture.frame("main.main").class, "s8 gone");
}

#[test]
fn one_profile_gives_a_plain_flame_graph() {
    let path = fixture("http-body/heap3.pb.gz");
    let picture = Picture::parse(&run(&["flame", &path]).done().stdout);
    assert!(picture.frames.iter().all(|frame| frame.class == "z"));
    assert_eq!(picture.frames[0].width, 1180.0);
    assert!(picture.frames[0].title.contains("100.0 % of the total"));
}

#[test]
fn negative_values_stay_within_their_parent() {
    let profile = |value: i64| {
        Profile::new()
            .types(&[("space", "bytes")])
            .stack("a;main", [value])
            .stack("b;main", [-value])
            .stack("c;main", [5])
    };
    for width in ["growth", "after", "before", "max"] {
        let picture = Picture::parse(&flame([&profile(1000), &profile(-3000)], &["--width", width]));
        let main = picture.frame("main");
        for name in ["a", "b", "c"] {
            let child = picture.frame(name);
            assert!(child.x >= main.x && child.x + child.width <= main.x + main.width + 1e-9, "{width} {name}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes_whatever_the_order_of_its_samples() {
    let [old, new] = before_and_after();
    let reversed = |profile: &Profile| profile.clone().edit(|proto| proto.sample.reverse());
    let (old_reversed, new_reversed) = (reversed(&old), reversed(&new));
    for args in [&[][..], &["--inverted"], &["--by", "line"]] {
        assert_eq!(flame([&old, &new], args), flame([&old_reversed, &new_reversed], args));
    }
}

#[test]
fn deep_recursion_is_drawn_without_recursion() {
    let stack = vec!["f"; 3000].join(";");
    let profile = |value: i64| Profile::new().stack(&stack, [1, value, 1, value]).bytes(64);
    let picture = Picture::parse(&flame([&profile(64), &profile(128)], &[]));
    assert_eq!(picture.frames.len(), 3001);
}

#[test]
fn the_ending_of_the_output_chooses_the_format() {
    let files = Files::new();
    let [old, new] = before_and_after();
    let out = files.path("leak.svg");
    assert_eq!(diff(&[&old, &new], &["-o", &out]).done().stdout, "");
    assert!(std::fs::read_to_string(&out).expect("the picture").starts_with("<?xml"));
    run_on(&[&old.encode(), &new.encode()], &["-f", "svg"]).done();
    let path = files.write("a.pb", old.encode());
    run(&["flame", &path, &path, "-o", &files.path("leak.json")]).failed(&["svg, folded, pprof", "json"]);
}

#[test]
fn many_stacks_are_folded_to_a_file_of_bounded_size_and_counted() {
    let profile = |factor: i64| {
        let add = |profile: Profile, index: i64| {
            let name =
                |what: &str| format!("github.com/example/{what}/with/a/path/of/some/length.(*T{index}).Method{index}");
            let value = factor * (1_000_000 + index);
            profile.stack(&format!("{};{};main.main", name("leaf"), name("caller")), [1, value, 1, value])
        };
        (0..12_000).fold(Profile::new(), add)
    };
    let svg = flame([&profile(1), &profile(3)], &[]);
    assert!(svg.len() < 3_000_000, "{}", svg.len());
    // A share of 0.02 % would hold 5,000 of them; as they are all alike, these are below it.
    let picture = Picture::parse(&svg);
    assert!(picture.texts.iter().any(|text| text.contains("12,000 frames are lighter than")), "{:?}", picture.texts);
    let main = picture.frame("main.main");
    assert_eq!(picture.frames[0].sums, main.sums);
    assert!(main.title.contains("not drawn: 12,000 lighter callees in 12,000 stacks, +22.5 GiB"), "{}", main.title);

    let heavy = |factor: i64| {
        let add = |profile: Profile, index: i64| {
            let value = factor * (1_000_000 + index);
            profile.stack(&format!("{}{index};main.main", "x".repeat(2000)), [1, value, 1, value])
        };
        (0..4_000).fold(Profile::new(), add)
    };
    let svg = flame([&heavy(1), &heavy(3)], &[]);
    assert!(svg.len() < 3_000_000, "{}", svg.len());
    assert!(Picture::parse(&svg).frames.len() > 500, "as many as fit");
}
