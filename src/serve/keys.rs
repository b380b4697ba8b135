//! Reads public keys as ssh writes them, one a line.

use russh::keys::{Algorithm, HashAlg, PublicKey};

use crate::store::SshKey;

/// What the names of key types begin with.
const KINDS: [&str; 4] = ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"];

/// Reads the keys of a text such as `authorized_keys`. Comments, empty lines and the options before
/// a key are ignored.
///
/// # Errors
/// The number of the first line that is not a key, or whose key can't log in here.
pub fn read(text: &str) -> Result<Vec<SshKey>, usize> {
    let mut keys = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            keys.push(key(line).ok_or(at + 1)?);
        }
    }
    Ok(keys)
}

fn key(line: &str) -> Option<SshKey> {
    let starts = line.char_indices().filter(|(at, _)| {
        let before = line[..*at].chars().last();
        before.is_none_or(char::is_whitespace) && KINDS.iter().any(|k| line[*at..].starts_with(k))
    });
    let mut read = starts.filter_map(|(at, _)| PublicKey::from_openssh(&line[at..]).ok());
    let key = read.next()?;
    if matches!(key.algorithm(), Algorithm::Rsa { .. } | Algorithm::Dsa) {
        return None;
    }
    Some(SshKey {
        fingerprint: key.fingerprint(HashAlg::Sha256).to_string(),
        comment: key.comment().to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = "ssh-ed25519 \
                       AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti ada@home";

    #[test]
    fn a_file_of_keys_is_read_with_its_comments_and_options() {
        let text = format!("# who may play\n\n{ADA}\n  from=\"ssh-x, y\",no-pty {ADA} and more\n");
        let keys = read(&text).expect("keys");
        assert_eq!(keys.len(), 2);
        assert_eq!(keys[0].comment, "ada@home");
        assert_eq!(keys[1].comment, "ada@home and more");
        let fingerprint = "SHA256:UCUiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIQ";
        assert_eq!(keys[0].fingerprint, fingerprint);
        assert_eq!(read(&format!("{ADA}\nno key\n")), Err(2));
        assert_eq!(read("ssh-ed25519 AAAA"), Err(1));
        assert_eq!(read("# nothing\n"), Ok(Vec::new()));
    }
}
