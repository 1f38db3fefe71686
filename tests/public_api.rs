//! What the library offers, as a text that stands in the repository: a change of it shows in a diff, and is looked at.
//! `LEAKDIFF_BLESS=1 cargo test --test public_api` writes it anew.

use std::path::{Path, PathBuf};

use syn::{Attribute, Fields, ImplItem, Item, Visibility};

const LISTING: &str = "docs/public-api.txt";

/// The source files of the library, in the order of their paths. The binary and the command line are no part of it.
fn files() -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        for path in entries {
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.retain(|path| !path.components().any(|part| part.as_os_str() == "cli") && !path.ends_with("main.rs"));
    found.sort();
    found
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

fn listing() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = "What the library offers, file by file. Made by tests/public_api.rs.\n".to_owned();
    for path in files() {
        let mut file = syn::parse_file(&std::fs::read_to_string(&path).expect("text")).expect("Rust");
        file.attrs.clear();
        file.items = file.items.into_iter().filter_map(seen).collect();
        // A trait on a type that is not public is nothing that others see.
        if file.items.iter().all(|item| matches!(item, Item::Impl(item) if item.trait_.is_some())) {
            continue;
        }
        let path = path.strip_prefix(root).expect("below the root").display().to_string().replace('\\', "/");
        text += &format!("\n== {path}\n{}", prettyplease::unparse(&file));
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
