//! Writes a manual page with the macros of man(7).

/// The longest line of the source, in bytes.
const WIDTH: usize = 78;

/// The first line of it with a date is that of the newest release.
const CHANGELOG: &str = include_str!("../../../CHANGELOG.md");

/// A page that is being written.
#[derive(Debug)]
pub struct ManPage(String);

impl ManPage {
    /// Begins a page with its name and a short description.
    pub fn new(name: &str, section: char, about: &str) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let mut dates = CHANGELOG.lines().filter_map(|line| line.split_once("] - "));
        let date = dates.next().map_or("", |(_, date)| date);
        let mut page = Self(format!(
            ".TH {} {section} {date} \"clickoff {version}\" \"clickoff\"\n",
            plain(&name.to_uppercase())
        ));
        page.heading("Name");
        page.fill(&format!("{} \\- {}", plain(name), plain(about)));
        page
    }

    /// The roff source.
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

    /// Writes paragraphs; each but the first begins with the macro `between`.
    pub fn paragraphs(&mut self, text: &str, between: &str) {
        for (at, paragraph) in text.split("\n\n").enumerate() {
            if at > 0 {
                self.control(between);
            }
            self.fill(&marked(paragraph));
        }
    }

    /// Writes an entry: a term made by the functions below, and its description.
    pub fn item(&mut self, term: &str, text: &str) {
        self.control(".TP");
        self.text(term);
        self.paragraphs(text, ".IP");
    }

    /// Writes something indented below the last entry.
    pub fn below(&mut self, write: impl FnOnce(&mut Self)) {
        self.control(".RS");
        write(self);
        self.control(".RE");
    }

    /// Writes lines without filling them.
    pub fn lines<'t>(&mut self, lines: impl Iterator<Item = &'t str>) {
        self.control(".nf");
        for line in lines {
            self.text(&plain(line.trim_end()));
        }
        self.control(".fi");
    }

    /// Writes the names of other pages in one line.
    pub fn see_also<'n>(&mut self, pages: impl IntoIterator<Item = (&'n str, char)>) {
        self.heading("See also");
        let pages = pages.into_iter();
        let names = pages.map(|(name, section)| format!("{}({section})", bold(name)));
        self.fill(&names.collect::<Vec<_>>().join(", "));
    }

    /// Writes escaped text in lines of limited length.
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

    /// Writes a line of text, also if it is empty or begins with a full stop, which is special in
    /// roff.
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

/// Escapes text for roff.
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

/// Bold: text to be typed literally.
pub fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", plain(text))
}

/// Italic: a placeholder.
pub fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", plain(text))
}

/// Escapes text, and makes what stands between backquotes bold.
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
}
