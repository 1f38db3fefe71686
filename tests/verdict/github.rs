//! Annotations, read as a runner reads them.

use leakdiff::report::Outcome;

use crate::{hostile, render, world};

/// A command as the runner understands it.
#[derive(Debug, PartialEq)]
struct Command {
    name: String,
    properties: Vec<(String, String)>,
    message: String,
}

impl Command {
    fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A line of output: `::name key=value,key=value::message`. Escapes are undone as the runner does: `%25` last.
fn parse(line: &str) -> Option<Command> {
    let (head, message) = line.strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let unescape = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |text: &str| {
        let (key, value) = text.split_once('=')?;
        Some((key.to_owned(), unescape(&value.replace("%3A", ":").replace("%2C", ","))))
    };
    let properties: Option<Vec<_>> = properties.split(',').map(property).collect();
    Some(Command { name: name.to_owned(), properties: properties?, message: unescape(message) })
}

fn commands(text: &str) -> Vec<Command> {
    text.lines().map(|line| parse(line).unwrap_or_else(|| panic!("no command: {line}"))).collect()
}

#[test]
fn an_annotation_for_each_culprit() {
    let commands = commands(&render("github", &world::failed()));
    let names: Vec<&str> = commands.iter().map(|command| command.name.as_str()).collect();
    assert_eq!(names, ["error", "error", "error", "error", "warning", "notice"]);
    let places: Vec<_> = commands.iter().map(|command| (command.property("file"), command.property("line"))).collect();
    let none = (None, None);
    let (cart, price) = (Some("shop/cart/cart.go"), Some("shop/upstream/price list.go"));
    assert_eq!(places, [(cart, Some("31")), (price, Some("88")), none, none, (cart, Some("31")), none]);
    assert_eq!(commands[0].property("title"), Some("max-growth 5MiB: cart.(*Cart).Add"));
    assert!(commands[4].message.contains("would settle it"), "{}", commands[4].message);
    assert!(commands[5].message.starts_with("failed: 3 of 4 limits exceeded"), "{}", commands[5].message);
}

#[test]
fn a_gate_that_passed_is_a_notice() {
    let commands = commands(&render("github", &world::passed()));
    assert_eq!(commands.len(), 1);
    assert_eq!((commands[0].name.as_str(), commands[0].message.as_str()), ("notice", "passed: the limit holds"));
    let waved_through = render("github", &world::inconclusive(Outcome::Pass));
    assert!(waved_through.starts_with("::warning "), "{waved_through}");
}

#[test]
fn github_shows_ten_of_a_level() {
    for (culprits, shown) in [(9, 9), (10, 10), (11, 10), (500, 10)] {
        let commands = commands(&render("github", &world::crowd(culprits)));
        let errors: Vec<&Command> = commands.iter().filter(|command| command.name == "error").collect();
        assert_eq!(errors.len(), shown, "{culprits} culprits");
        let more = format!("{} more", culprits.saturating_sub(9));
        assert_eq!(errors[shown - 1].message.starts_with(&more), culprits > 10, "{culprits} culprits");
    }
}

#[test]
fn no_name_starts_a_command() {
    let expected = commands(&render("github", &world::failed())).len();
    for name in hostile::all() {
        let text = render("github", &world::hostile(&name));
        let commands = commands(&text);
        assert_eq!(commands.len(), expected, "{name:?}");
        assert!(text.lines().all(|line| line.len() < 20_000), "{name:?}");
        assert!(!text.chars().any(|character| character.is_control() && character != '\n'), "{name:?}");
        for command in &commands {
            let known = ["file", "line", "title"];
            assert!(command.properties.iter().all(|(key, _)| known.contains(&key.as_str())), "{command:?}");
            assert!(command.property("line").is_none_or(|line| line.parse::<u32>().is_ok()), "{command:?}");
        }
        let is_plain = |text: &str| text.chars().all(|c| matches!(c, ' '..='~')) && text.len() < 300;
        if is_plain(&name) && !name.is_empty() {
            assert_eq!(commands[0].property("file"), Some(name.as_str()));
            assert!(commands[0].message.contains(&name), "{name:?} in {:?}", commands[0].message);
        }
    }
}
