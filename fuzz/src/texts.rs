//! A profile in text form whose first line is right, so that every line below it is looked at: the first byte chooses
//! the form, the rest follows.

/// The beginnings of all forms.
const BEGINNINGS: &[&str] = &[
    "heap profile: 3: 96 [5: 160] @ heap/1048576\n",
    "heap profile: 1: 48 [1: 48] @ heap_v2/524288\n",
    "heap profile: 1: 48 [1: 48] @ heapprofile\n",
    "goroutine profile: total 3\n",
    "threadcreate profile: total 3\n",
    "goroutineleak profile: total 1\n",
    "goroutine 1 [running]:\nmain.main()\n",
    "panic: boom\n\ngoroutine 1 [chan receive, 3 minutes]:\n",
    "--- heapz 1 ---\n",
    "heap_v2/524288\n",
    "--- symbol\nbinary=/srv/app\n0x0000000000401000 store.Put\n---\n--- heap\nheap profile: 1: 48 [1: 48] @ heap_v2/1\n",
    "{\"leakdiff_baseline\": 1,",
];

/// Loads the text.
pub fn run(bytes: &[u8]) {
    let [choice, rest @ ..] = bytes else { return };
    let beginning = BEGINNINGS[usize::from(*choice) % BEGINNINGS.len()];
    super::load::run(&[beginning.as_bytes(), rest].concat());
}
