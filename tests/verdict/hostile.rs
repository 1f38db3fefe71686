//! Names that mean harm, wherever a profile or a user can put a name.

/// What breaks out of the formats, if anything does.
pub const HOSTILE: &[&str] = &[
    "a\n::error file=/etc/passwd,line=1::owned",
    "a\r\n::set-output name=x::y",
    "100%0A::error::%25 of it",
    "]]></failure></testcase><testcase name=\"x\"/>",
    "\"quoted\" 'twice' & <b>bold</b> &amp; <!-- -->",
    "\u{1b}[31mred\u{1b}[0m \u{7} \u{0} \u{85}",
    "bidi \u{202e}reversed\u{202c} \u{200b} \u{feff} \u{fffe} \u{ffff}",
    "日本語.(*型).メソッド 🦀",
    "| a | b |\n| - | - |\n# heading\n- list\n1. list\n> quote",
    "[link](https://example.com) ![img](x) `code` ``` *b* _i_ ~~s~~ @user #1 $x$ https://example.com",
    "</code></summary></details><script>alert(1)</script>",
    "../../etc/passwd:80,title=x",
    "C:\\Users\\x\\a.go",
    "\\u001b\\\"\\n",
    "",
    " ",
];

/// All of them, and a very long one.
pub fn all() -> Vec<String> {
    let long = "very/long/".repeat(1_000) + "name.F";
    HOSTILE.iter().map(|text| (*text).to_owned()).chain([long]).collect()
}
