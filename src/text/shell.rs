//! Words of a shell command that somebody will paste. Runs nothing.

/// Quotes a word for a shell where it needs that.
pub fn shell(word: &str) -> String {
    let plain =
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:@+=%".contains(c));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_only_where_a_shell_would_split_or_expand_them() {
        for plain in ["prod-eu", "admin@prod", "a/b:c"] {
            assert_eq!(shell(plain), plain);
        }
        assert_eq!(shell("my context"), "'my context'");
        assert_eq!(shell("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(shell(""), "''");
    }
}
