//! A manual page, written with the macros of man(7).

/// How long a line of the source may be, in bytes.
const WIDTH: usize = 78;

/// When this version was released, or what it brings was last told: the newest date of the changelog.
const DATE: &str = first_date(include_str!("../../../CHANGELOG.md"));

/// The date behind the first `] - `. It is found when this is compiled.
const fn first_date(changelog: &str) -> &str {
    let bytes = changelog.as_bytes();
    let mut at = 0;
    while !(bytes[at] == b']' && bytes[at + 1] == b' ' && bytes[at + 2] == b'-') {
        at += 1;
    }
    let (_, rest) = changelog.split_at(at + "] - ".len());
    rest.split_at("2026-01-01".len()).0
}

/// A page that is being written.
#[derive(Debug)]
pub struct ManPage(String);

impl ManPage {
    /// A page with its name and what it is about.
    pub fn new(name: &str, section: char, about: &str) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let mut page = Self(format!(
            ".TH {} {section} {DATE} \"clickoff {version}\" \"clickoff\"\n",
            plain(&name.to_uppercase())
        ));
        page.heading("Name");
        page.fill(&format!("{} \\- {}", plain(name), plain(about)));
        page
    }

    /// Its source.
    pub fn source(self) -> String {
        self.0
    }

    /// Begins a section.
    pub fn heading(&mut self, heading: &str) {
        self.control(&format!(".SH \"{}\"", plain(&heading.to_uppercase())));
    }

    /// Begins a part of a section.
    pub fn subheading(&mut self, heading: &str) {
        self.control(&format!(".SS \"{}\"", plain(heading)));
    }

    /// Paragraphs, of which each but the first begins with this macro.
    pub fn paragraphs(&mut self, text: &str, between: &str) {
        for (at, paragraph) in text.split("\n\n").enumerate() {
            if at > 0 {
                self.control(between);
            }
            self.fill(&marked(paragraph));
        }
    }

    /// An entry: what it is about, made of the functions below, and the text about it.
    pub fn item(&mut self, term: &str, text: &str) {
        self.control(".TP");
        self.text(term);
        self.paragraphs(text, ".IP");
    }

    /// What stands deeper than the item before it.
    pub fn below(&mut self, write: impl FnOnce(&mut Self)) {
        self.control(".RS");
        write(self);
        self.control(".RE");
    }

    /// Lines as they are.
    pub fn lines<'t>(&mut self, lines: impl Iterator<Item = &'t str>) {
        self.control(".nf");
        for line in lines {
            self.text(&plain(line.trim_end()));
        }
        self.control(".fi");
    }

    /// Other pages, in one line.
    pub fn see_also(&mut self, pages: &[(String, char)]) {
        self.heading("See also");
        let pages = pages.iter();
        let names: Vec<String> = pages
            .map(|(name, section)| format!("{}({section})", bold(name)))
            .collect();
        self.fill(&names.join(", "));
    }

    /// Text that is escaped already, in lines of a fair length.
    pub fn fill(&mut self, text: &str) {
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && line.len() + 1 + word.len() > WIDTH {
                self.text(&line);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line += word;
        }
        self.text(&line);
    }

    /// A line of text, which an empty one or one with a full stop in front would not be.
    fn text(&mut self, line: &str) {
        if line.is_empty() || line.starts_with('.') {
            self.0 += "\\&";
        }
        self.control(line);
    }

    fn control(&mut self, line: &str) {
        self.0 += line;
        self.0.push('\n');
    }
}

/// Text in the usual letters.
pub fn plain(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\\' => escaped += "\\e",
            '-' => escaped += "\\-",
            '\'' => escaped += "\\(aq",
            '"' => escaped += "\\(dq",
            '`' => escaped += "\\(ga",
            '^' => escaped += "\\(ha",
            '~' => escaped += "\\(ti",
            c if c.is_ascii() => escaped.push(c),
            c => escaped += &format!("\\[u{:04X}]", u32::from(c)),
        }
    }
    escaped
}

/// What is to be typed as it is.
pub fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", plain(text))
}

/// What stands for something else.
pub fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", plain(text))
}

/// Text in which what stands between two backquotes is to be typed as it is.
pub fn marked(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return plain(text);
    }
    let parts = parts.iter().enumerate();
    let styled = parts.map(|(at, part)| match at % 2 {
        0 => plain(part),
        _ => bold(part),
    });
    styled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_a_command_of_roff() {
        let mut page = ManPage(String::new());
        page.fill(&plain(".TH a-b\\"));
        assert_eq!(page.source(), "\\&.TH a\\-b\\e\n");
        assert_eq!(plain("it's \"…\""), "it\\(aqs \\(dq\\[u2026]\\(dq");
        assert_eq!(marked("run `a -b`. Now"), "run \\fBa \\-b\\fR. Now");
        assert_eq!(marked("a ` b"), "a \\(ga b");
    }

    #[test]
    fn the_date_is_that_of_the_newest_release() {
        assert_eq!(
            first_date("# C\n\n## [0.2.0] - 2027-03-04\n## [0.1.0] - 2026-01-02"),
            "2027-03-04"
        );
        let digits = DATE.bytes().filter(u8::is_ascii_digit).count();
        assert_eq!((DATE.len(), digits), (10, 8), "{DATE}");
    }
}
