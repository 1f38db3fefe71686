//! What the library offers, as a text that stands in the repository: a change of it shows in a diff, and is looked at.
//! `LEAKDIFF_BLESS=1 cargo test --test public_api` writes it anew.

use std::collections::BTreeSet;
use std::path::Path;

use syn::{Attribute, Fields, ImplItem, Item, Type, UseTree, Visibility};

const LISTING: &str = "docs/public-api.txt";

/// One file of the library.
struct Source {
    /// Its path from the root of the repository.
    path: String,
    /// Whether it is a module that others may name; of others they see what is handed on.
    is_open: bool,
    items: Vec<Item>,
}

/// The files of the library, in the order of their paths. The command line is the binary's.
fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    read("src/lib.rs", "src", true, &mut sources);
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// Reads a module and those that it declares, which lie in a folder.
fn read(path: &str, folder: &str, is_open: bool, sources: &mut Vec<Source>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    let items = syn::parse_file(&text).expect("Rust").items;
    for item in &items {
        let Item::Mod(module) = item else { continue };
        if module.content.is_none() && module.ident != "cli" {
            let below = format!("{folder}/{}", module.ident);
            let [file, alone] = [format!("{below}/mod.rs"), format!("{below}.rs")];
            let path = if root.join(&file).is_file() { file } else { alone };
            read(&path, &below, is_open && is_public(&module.vis), sources);
        }
    }
    sources.push(Source { path: path.to_owned(), is_open, items });
}

/// The names that a `use` hands on.
fn handed_on(tree: &UseTree, names: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => handed_on(&path.tree, names),
        UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        UseTree::Rename(name) => drop(names.insert(name.ident.to_string())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| handed_on(tree, names)),
        UseTree::Glob(_) => panic!("a glob hides what it hands on"),
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// What changes how an item may be used.
fn is_kept(attribute: &Attribute) -> bool {
    ["derive", "non_exhaustive", "must_use", "cfg", "deprecated"].iter().any(|name| attribute.path().is_ident(name))
}

fn empty() -> syn::Block {
    syn::parse_quote!({})
}

/// The fields that are public, and whether there are others.
fn public_fields(fields: &mut Fields) {
    let Fields::Named(named) = fields else { return };
    let all = named.named.len();
    let public = std::mem::take(&mut named.named).into_iter().filter(|field| is_public(&field.vis));
    named.named = public
        .map(|mut field| {
            field.attrs.retain(is_kept);
            field
        })
        .collect();
    if named.named.len() < all {
        named.named.push(syn::parse_quote!(private: ()));
    }
}

/// An item as others see it; `None` where they do not.
fn seen(item: Item) -> Option<Item> {
    match item {
        Item::Struct(mut item) if is_public(&item.vis) => {
            item.attrs.retain(is_kept);
            public_fields(&mut item.fields);
            Some(Item::Struct(item))
        }
        Item::Enum(mut item) if is_public(&item.vis) => {
            item.attrs.retain(is_kept);
            for variant in &mut item.variants {
                variant.attrs.retain(is_kept);
                variant.fields.iter_mut().for_each(|field| field.attrs.retain(is_kept));
            }
            Some(Item::Enum(item))
        }
        Item::Fn(mut item) if is_public(&item.vis) => {
            item.attrs.retain(is_kept);
            *item.block = empty();
            Some(Item::Fn(item))
        }
        Item::Const(mut item) if is_public(&item.vis) => {
            item.attrs.retain(is_kept);
            *item.expr = syn::parse_quote!(..);
            Some(Item::Const(item))
        }
        Item::Trait(mut item) if is_public(&item.vis) => {
            item.attrs.retain(is_kept);
            Some(Item::Trait(item))
        }
        Item::Type(mut item) if is_public(&item.vis) => {
            item.attrs.retain(is_kept);
            Some(Item::Type(item))
        }
        Item::Use(mut item) if is_public(&item.vis) => {
            item.attrs.retain(is_kept);
            Some(Item::Use(item))
        }
        Item::Mod(mut item) if is_public(&item.vis) && item.content.is_none() => {
            item.attrs.retain(is_kept);
            Some(Item::Mod(item))
        }
        Item::Impl(item) => implemented(item).map(Item::Impl),
        _ => None,
    }
}

/// The public functions of a type, or that it has a trait.
fn implemented(mut item: syn::ItemImpl) -> Option<syn::ItemImpl> {
    item.attrs.retain(is_kept);
    let is_trait = item.trait_.is_some();
    let items = std::mem::take(&mut item.items).into_iter().filter_map(|item| match item {
        ImplItem::Fn(mut function) if is_public(&function.vis) => {
            function.attrs.retain(is_kept);
            function.block = empty();
            Some(ImplItem::Fn(function))
        }
        ImplItem::Const(mut constant) if is_public(&constant.vis) => {
            constant.attrs.retain(is_kept);
            constant.expr = syn::parse_quote!(..);
            Some(ImplItem::Const(constant))
        }
        _ => None,
    });
    item.items = items.collect();
    (is_trait || !item.items.is_empty()).then_some(item)
}

/// What an item is called; of an implementation, its type.
fn name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Const(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Impl(item) => match &*item.self_ty {
            Type::Path(path) => &path.path.segments.last()?.ident,
            _ => return None,
        },
        _ => return None,
    };
    Some(ident.to_string())
}

fn listing() -> String {
    let mut sources = sources();
    let mut names = BTreeSet::new();
    for source in &mut sources {
        source.items = std::mem::take(&mut source.items).into_iter().filter_map(seen).collect();
        for item in &source.items {
            match item {
                Item::Use(item) => handed_on(&item.tree, &mut names),
                Item::Impl(_) => {}
                item if source.is_open => names.extend(name(item)),
                _ => {}
            }
        }
    }
    let mut text = "What the library offers, file by file. Made by tests/public_api.rs.\n".to_owned();
    for Source { path, is_open, mut items } in sources {
        items.retain(|item| match item {
            Item::Impl(_) => name(item).is_some_and(|name| names.contains(&name)),
            Item::Use(_) | Item::Mod(_) => is_open,
            item => is_open || name(item).is_some_and(|name| names.contains(&name)),
        });
        if !items.is_empty() {
            let file = syn::File { shebang: None, attrs: Vec::new(), items };
            text += &format!("\n== {path}\n{}", prettyplease::unparse(&file));
        }
    }
    text
}

#[test]
fn it_is_as_the_listing_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(LISTING);
    let is = listing();
    if std::env::var_os("LEAKDIFF_BLESS").is_some() {
        std::fs::write(&path, &is).expect("it can be written");
    }
    let was = std::fs::read_to_string(&path).expect("the listing is there");
    let other = is.lines().zip(was.lines()).position(|(is, was)| is != was);
    let line = other.unwrap_or_else(|| is.lines().count().min(was.lines().count()));
    assert!(
        is == was,
        "{LISTING}:{}: the public API is another than the listing says; read the change, then write it with LEAKDIFF_BLESS=1",
        line + 1
    );
}
