//! Names that mean harm, or that no compiler writes.

use crate::random::Random;

const HOSTILE: &[&str] = &[
    "",
    " ",
    "\u{0}",
    "a\nb\r\nc\td",
    "\u{1b}[31mred\u{1b}[0m \u{7}\u{8}\u{85}\u{9b}2J",
    "bidi \u{202e}reversed\u{202c} \u{200b}\u{feff}\u{fffe}\u{ffff}",
    "</script><script>alert(1)</script><!-- <!--<script>",
    "]]></style></svg><![CDATA[ \"'`&amp;&#0;",
    "| a | b |\n| - | - |\n# heading",
    "[link](https://example.com) ![img](x) `code` ``` *b* _i_ ~~s~~ <b>",
    "a;b;c 12 34",
    "\"quoted\",'twice',=1+1,@SUM(A1)",
    "::error file=/etc/passwd,line=1::owned %0A %25",
    "operator new[](unsigned long)",
    "_ZNSt6vectorIiSaIiEE9push_backERKi",
    "_ZN4core3fmt5Write9write_fmt17h0123456789abcdefE",
    "_RNvCs1234_7mycrate3foo",
    "github.com/acme/store.(*Cache[...]).Put.func1.2.gowrap3",
    "main.main",
    "runtime.gopark",
    "com.acme.Shop$$Lambda$14/0x0000000800c8f440.run",
    "(anonymous)",
    "日本語.(*型).メソッド 🦀",
    "../../etc/passwd",
    "C:\\src\\a.go",
    "https://host/app.3f2a9c.js?x=1",
    "[...]",
    "(((((((((((((((((((((((((((((((",
    "[a-z",
    "bytes",
    "inuse_space",
    "count",
    "nanoseconds",
    "kilobytes",
];

/// A text that may stand anywhere.
pub fn any(random: &mut Random) -> String {
    match random.below(12) {
        0 => "very/long/".repeat(random.below(400)) + "name.F",
        1 => "<".repeat(random.below(300)),
        2 => format!("{}.{}", random.pick(HOSTILE), random.pick(HOSTILE)),
        3 => format!("_Z{}", "N1a".repeat(random.below(200))),
        _ => random.pick(HOSTILE).to_owned(),
    }
}
