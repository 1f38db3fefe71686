//! Tried.
use leakdiff::heapdump::*;
use leakdiff::load::{Input, Limits, heap_dump::read};
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let open = |p: &str| read(Input::new(p, std::fs::File::open(p).unwrap()), Limits::default()).unwrap();
    let t = std::time::Instant::now();
    let bin = args[2..].first().map(|p| open(p));
    let binary = bin.as_ref().map(|b| Binary::parse(b).unwrap());
    let options = Options::default();
    let b = open(&args[0]);
    let held = {
        let d = Dump::parse(&b).unwrap();
        eprintln!("{} {:?} parse {:?}", d.objects(), d.broken, t.elapsed());
        let h = Held::of(&d, binary.as_ref(), &options).unwrap();
        eprintln!("held {:?}", t.elapsed());
        h
    };
    drop(b);
    let a = open(&args[1]);
    let d = Dump::parse(&a).unwrap();
    eprintln!("parse {:?}", t.elapsed());
    let h = holders(&d, binary.as_ref(), &[held], &options).unwrap();
    eprintln!("all {:?}", t.elapsed());
    println!("reachable {:?} objects {:?}", h.reachable, h.objects);
    for x in h.all.iter().take(5) {
        println!(
            "{:+} {:+} {}\n   {}\n   {:?} {:?}\n   {:?}",
            x.delta(),
            x.objects_delta(),
            x.root(),
            x.path.iter().map(|h| format!("{} {} x{}", h.field, h.name, h.count)).collect::<Vec<_>>().join(" -> "),
            x.allocated_at,
            x.samples,
            x.cleared
        );
    }
}
