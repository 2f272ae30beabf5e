//! The files that `*_file` keys name. Paths are relative to the working directory; each is read once per command.

use std::path::Path;

use kernel::{
    Error, Kind, Result, Secret,
    config::{DatabaseConfig, DatabaseTarget, SecretsConfig, Source},
};

/// A secret as text, without white space at its ends when it comes from a file (editors add newlines).
pub fn text(key: &str, source: Source<'_>) -> Result<Secret<String>> {
    match source {
        Source::Inline(secret) => Ok(secret.clone()),
        Source::File(path) => {
            let bytes = read(key, path)?;
            let text = str::from_utf8(&bytes).map_err(|_| {
                Error::new(Kind::Invalid, format!("{key}_file: {} is not UTF-8 text", path.display()))
            })?;
            Ok(Secret::new(text.trim().to_owned()))
        }
    }
}

/// A secret as bytes, exactly as they are: for peppers, where each byte counts, and for keys, which may be DER.
pub fn bytes(key: &str, source: Source<'_>) -> Result<Secret<Vec<u8>>> {
    match source {
        Source::Inline(secret) => Ok(Secret::new(secret.expose().clone().into_bytes())),
        Source::File(path) => read(key, path).map(Secret::new),
    }
}

/// The 32 bytes of `secrets.encryption`.
pub fn encryption(secrets: &SecretsConfig) -> Result<Secret<[u8; 32]>> {
    key_bytes("secrets.encryption", secrets.encryption())
}

/// Those that it replaced.
pub fn former_encryption(secrets: &SecretsConfig) -> Result<Vec<Secret<[u8; 32]>>> {
    let former = secrets.former_encryption.iter().enumerate();
    let key = |index| format!("secrets.former_encryption.{index}.encryption");
    former.map(|(index, former)| key_bytes(&key(index), former.encryption())).collect()
}

fn key_bytes(key: &str, source: Option<Source<'_>>) -> Result<Secret<[u8; 32]>> {
    let malformed =
        || Error::new(Kind::Invalid, format!("{key}: must be exactly 64 hexadecimal digits (32 bytes)"));
    let digits = text(key, source.ok_or_else(malformed)?)?;
    let digits = digits.expose().as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 64 {
        return Err(malformed());
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |c: u8| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte =
            digit(pair[0]).zip(digit(pair[1])).map(|(high, low)| high << 4 | low).ok_or_else(malformed)?;
    }
    Ok(Secret::new(bytes))
}

/// What to connect to, with the password read from its file.
pub fn database(config: &DatabaseConfig) -> Result<DatabaseTarget> {
    let password = config.password().map(|source| text("database.password", source)).transpose()?;
    Ok(config.target(password))
}

fn read(key: &str, path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        let what = format!("{key}_file: cannot read {}", path.display());
        Error::new(Kind::Invalid, what).caused_by(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_trimmed_and_bytes_are_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        std::fs::write(&path, " hunter2\n").unwrap();
        assert_eq!(text("matrix.secret", Source::File(&path)).unwrap().expose(), "hunter2");
        assert_eq!(bytes("passwords.schemes.0.secret", Source::File(&path)).unwrap().expose(), b" hunter2\n");

        std::fs::write(&path, [0xff]).unwrap();
        let refused = text("matrix.secret", Source::File(&path)).unwrap_err();
        assert!(
            refused.public.starts_with("matrix.secret_file: ")
                && refused.public.ends_with("is not UTF-8 text")
        );
        let missing = text("matrix.secret", Source::File(&directory.path().join("gone"))).unwrap_err();
        assert!(missing.public.starts_with("matrix.secret_file: cannot read "), "{missing}");
    }

    #[test]
    fn the_encryption_secret_may_end_with_a_newline() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("encryption");
        let secrets = |text: &str| {
            std::fs::write(&path, text).unwrap();
            let section = serde_json::json!({ "encryption_file": path });
            encryption(&serde_json::from_value::<SecretsConfig>(section).unwrap())
        };
        let digits = "0aF1".repeat(16);
        assert_eq!(secrets(&format!("{digits}\n")).unwrap().expose()[..2], [0x0a, 0xf1]);
        assert!(secrets(&digits[1..]).is_err());
        assert!(secrets(&digits.replace('F', "g")).is_err());
    }
}
