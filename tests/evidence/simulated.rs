//! Thousands of heaps with a seed: how often intervals hold the truth, how often noise is called real, how often a leak
//! is seen.

use leakdiff::compare::{self, Analysis, Options};
use leakdiff::diff::{self, Diff};
use leakdiff::load::{self, Input, Limits};
use leakdiff::stats::{Evidence, Regime, Verdict};
use leakdiff::{rows, stats};

use crate::heap::{Random, Site, name, one_process, two_processes};
use crate::support::Profile;

/// Compares two profiles with all rows, and what the samples say of each site.
fn compare(profiles: [Profile; 2]) -> (Diff, Analysis) {
    let input = |(index, profile): (usize, &Profile)| {
        let name = format!("heap{index}");
        Input::new(name, std::io::Cursor::new(profile.encode()))
    };
    let inputs = profiles.iter().enumerate().map(input).collect();
    let loaded = load::load(inputs, Limits::default()).expect("profiles that load");
    let diff = diff::diff(loaded, &diff::Options::default()).expect("profiles that compare");
    let mut options = Options::default();
    options.top = None;
    let analysis = compare::compare(&diff, None, options);
    (diff, analysis)
}

/// The evidence of a site, where a sample of it was seen.
fn of_site(diff: &Diff, analysis: &Analysis, site: usize) -> Option<Evidence> {
    let wanted = name(site);
    let is_site = |row: &&rows::Row| match row.subject {
        rows::Subject::Group(group) => diff.keys.group(group).name == wanted,
        _ => false,
    };
    analysis.rows.iter().find(is_site)?.evidence
}

fn holds(evidence: &Evidence, truth: i64) -> bool {
    (evidence.low..=evidence.high).contains(&truth)
}

/// How many of how many.
#[derive(Debug, Default, Clone, Copy)]
struct Share {
    hits: u32,
    all: u32,
}

impl Share {
    fn add(&mut self, hit: bool) {
        self.hits += u32::from(hit);
        self.all += 1;
    }

    fn of_all(self) -> f64 {
        f64::from(self.hits) / f64::from(self.all)
    }
}

const SIZES: [u64; 7] = [16, 96, 512, 4_096, 32_768, 262_144, 1_048_576];

/// A site of `megabytes` before, of which the given shares are freed, come and stay, and come and go.
fn site(size: u64, megabytes: f64, freed: f64, stays: f64, passes: f64) -> Site {
    let before = (megabytes * 1_048_576.0 / size as f64).ceil();
    let share = |share: f64| (before * share) as u64;
    Site { size, before: before as u64, freed: share(freed), stays: share(stays), passes: share(passes) }
}

#[test]
fn intervals_of_separate_runs_hold_the_truth() {
    let mut random = Random(1);
    let (mut rows, mut totals) = (Share::default(), Share::default());
    for _ in 0..1_500 {
        let sites: Vec<Site> = (0..10)
            .map(|_| {
                let size = SIZES[random.below(7) as usize];
                site(size, 1.0 + 40.0 * random.unit(), 0.5 * random.unit(), 0.8 * random.unit(), 0.0)
            })
            .collect();
        let (diff, analysis) = compare(two_processes(&sites, &mut random));
        for (index, site) in sites.iter().enumerate() {
            if let Some(evidence) = of_site(&diff, &analysis, index) {
                rows.add(holds(&evidence, site.growth()));
            }
        }
        totals.add(holds(&analysis.total_evidence.expect("evidence"), sites.iter().map(Site::growth).sum()));
    }
    println!("separate runs: rows {:.4}, totals {:.4}", rows.of_all(), totals.of_all());
    assert!((0.93..=0.97).contains(&rows.of_all()), "{rows:?} {}", rows.of_all());
    assert!((0.93..=0.97).contains(&totals.of_all()), "{totals:?} {}", totals.of_all());
}

#[test]
fn intervals_of_one_process_hold_the_truth() {
    let mut random = Random(2);
    let (mut rows, mut totals, mut busy) = (Share::default(), Share::default(), Share::default());
    for round in 0..1_500 {
        let passes = if round % 3 == 0 { 1.0 } else { 0.0 };
        let sites: Vec<Site> = (0..10)
            .map(|_| {
                let size = SIZES[random.below(7) as usize];
                let (freed, stays) = (0.3 * random.unit(), 0.6 * random.unit());
                site(size, 4.0 + 60.0 * random.unit(), freed, stays, passes * random.unit())
            })
            .collect();
        let (diff, analysis) = compare(one_process(&sites, &mut random));
        assert_eq!(analysis.basis, stats::Basis::Sampled(Regime::SameProcess));
        let share = if passes > 0.0 { &mut busy } else { &mut rows };
        for (index, site) in sites.iter().enumerate() {
            if let Some(evidence) = of_site(&diff, &analysis, index) {
                share.add(holds(&evidence, site.growth()));
            }
        }
        if passes == 0.0 {
            totals.add(holds(&analysis.total_evidence.expect("evidence"), sites.iter().map(Site::growth).sum()));
        }
    }
    println!("one process: rows {:.4}, totals {:.4}, busy {:.4}", rows.of_all(), totals.of_all(), busy.of_all());
    assert!((0.93..=0.97).contains(&rows.of_all()), "{rows:?} {}", rows.of_all());
    assert!((0.93..=0.97).contains(&totals.of_all()), "{totals:?} {}", totals.of_all());
    // What comes and goes between two snapshots is seen by its allocation only: that bounds the error from above.
    assert!(busy.of_all() >= 0.95, "{busy:?} {}", busy.of_all());
}

/// The share of heaps that only churn in which anything at all is called real. With nothing real in a heap, that is
/// the false discovery rate.
fn false_alarms(heaps: u32, mut make: impl FnMut(&mut Random) -> [Profile; 2]) -> (f64, f64) {
    let mut random = Random(3);
    let (mut likely, mut certain) = (Share::default(), Share::default());
    for _ in 0..heaps {
        let (_, analysis) = compare(make(&mut random));
        let any = |wanted: &[Verdict]| {
            let is_wanted = |row: &rows::Row| row.evidence.is_some_and(|found| wanted.contains(&found.verdict));
            analysis.rows.iter().any(is_wanted)
        };
        likely.add(any(&[Verdict::Likely, Verdict::Certain]));
        certain.add(any(&[Verdict::Certain]));
    }
    println!("false alarms: likely {:.4}, certain {:.4}", likely.of_all(), certain.of_all());
    (likely.of_all(), certain.of_all())
}

/// Sites as a service has them: a few large, many small.
fn churning(random: &mut Random, churn: f64) -> Vec<Site> {
    (0..40)
        .map(|index| {
            let size = SIZES[random.below(7) as usize];
            let megabytes = if index < 5 { 50.0 } else { 6.0 } * random.unit();
            let share = churn * random.unit();
            site(size, megabytes, share, share, share)
        })
        .collect()
}

#[test]
fn heaps_of_one_process_that_only_churn_raise_no_more_alarms_than_stated() {
    let (likely, certain) = false_alarms(1_500, |random| one_process(&churning(random, 1.0), random));
    assert!(likely <= 0.05, "{likely}");
    assert!(certain <= 0.003, "{certain}");
}

#[test]
fn separate_runs_of_the_same_heap_raise_no_more_alarms_than_stated() {
    let (likely, certain) = false_alarms(1_500, |random| two_processes(&churning(random, 0.0), random));
    assert!(likely <= 0.05, "{likely}");
    assert!(certain <= 0.003, "{certain}");
}

#[test]
fn among_real_changes_the_share_of_noise_is_bounded() {
    let mut random = Random(4);
    let (mut wrong_share, mut found, mut heaps) = (0.0, Share::default(), 0);
    for _ in 0..800 {
        let mut sites = churning(&mut random, 0.0);
        for site in sites.iter_mut().take(8) {
            site.stays = site.before / 2 + (8 << 20) / site.size;
        }
        let (diff, analysis) = compare(two_processes(&sites, &mut random));
        let (mut real, mut wrong) = (0_u32, 0_u32);
        for (index, site) in sites.iter().enumerate() {
            let Some(evidence) = of_site(&diff, &analysis, index) else { continue };
            let is_called_real = evidence.verdict != Verdict::Noise;
            real += u32::from(is_called_real);
            wrong += u32::from(is_called_real && site.growth() == 0);
            if site.growth() > 0 {
                found.add(is_called_real);
            }
        }
        wrong_share += f64::from(wrong) / f64::from(real.max(1));
        heaps += 1;
    }
    println!("wrong among those called real {:.4}, found {:.4}", wrong_share / f64::from(heaps), found.of_all());
    assert!(wrong_share / f64::from(heaps) <= 0.05, "{wrong_share}");
    assert!(found.of_all() > 0.7, "{found:?}");
}

#[test]
fn a_leak_of_8_mb_beside_800_mb_is_found_in_one_process() {
    let mut random = Random(5);
    let mut found = Share::default();
    for round in 0..1_000 {
        // 2,000 blocks of 4 KiB leak in the function that holds 200,000 of them.
        let stable = Site { size: 4_096, before: 200_000, freed: 0, stays: 2_000, passes: 0 };
        let others = (0..20).map(|index| site(SIZES[index % 7], 3.0, 0.0, 0.0, 0.0));
        let sites: Vec<Site> = std::iter::once(stable).chain(others).collect();
        let (diff, analysis) = compare(one_process(&sites, &mut random));
        let evidence = of_site(&diff, &analysis, 0).expect("a row");
        // Of what leaked 15.6 blocks are sampled on average. Four against none are no proof (1 in 16), and fewer than
        // five are sampled of one leak in 1,400.
        let sampled = evidence.z.expect("a standard error").powi(2).round();
        let is_found = evidence.verdict != Verdict::Noise;
        assert_eq!(is_found, sampled >= 5.0, "round {round}: {evidence:?}");
        found.add(is_found);
    }
    println!("a leak of 8 MB beside 800 MB: found {:.4}", found.of_all());
    assert!(found.of_all() >= 0.998, "{found:?}");
}

#[test]
fn the_same_leak_drowns_in_the_noise_of_separate_runs() {
    let mut random = Random(6);
    let mut found = Share::default();
    for _ in 0..200 {
        let sites = [Site { size: 4_096, before: 200_000, freed: 0, stays: 2_000, passes: 0 }];
        let (diff, analysis) = compare(two_processes(&sites, &mut random));
        found.add(of_site(&diff, &analysis, 0).is_some_and(|evidence| evidence.verdict != Verdict::Noise));
    }
    assert!(found.of_all() < 0.2, "{found:?}");
}
