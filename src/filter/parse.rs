//! From the prompt's text to terms. Every error says at which character it goes wrong and, for a column, which
//! one was probably meant.
use super::FilterError;
use super::pattern::Pattern;
use super::term::{Term, Test};
use super::value::{Comparison, Operand};
use crate::nearest::suggestion;

const LABEL: &str = "label:";
/// The signs, longer ones first.
const SIGNS: [(&str, Comparison); 7] = [
    ("!=", Comparison::NotEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<=", Comparison::LessOrEqual),
    ("==", Comparison::Equal),
    ("=", Comparison::Equal),
    (">", Comparison::Greater),
    ("<", Comparison::Less),
];

/// A character of the prompt; a quoted one is never a sign.
#[derive(Debug, Clone, Copy)]
struct Letter {
    c: char,
    at: usize,
    quoted: bool,
}

/// What stands between two blanks.
#[derive(Debug, Default)]
struct Token {
    letters: Vec<Letter>,
    /// Quotes were used, so that nothing between them is meant as empty text.
    quotes: bool,
    start: usize,
    end: usize,
}

/// Reads all terms.
pub(super) fn terms(text: &str, columns: &[&str]) -> Result<Vec<Term>, FilterError> {
    tokens(text)?.iter().map(|token| term(token, columns)).collect()
}

fn error(message: impl Into<String>, at: usize) -> FilterError {
    FilterError { message: message.into(), at }
}

fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut tokens = Vec::new();
    let mut token: Option<Token> = None;
    let mut quote: Option<(char, usize)> = None;
    for (at, c) in text.chars().enumerate() {
        match quote {
            Some((open, _)) if c == open => quote = None,
            None if c.is_whitespace() => {
                tokens.extend(token.take());
                continue;
            }
            None if opens_quote(c, token.as_ref()) => {
                quote = Some((c, at));
                token.get_or_insert_with(|| Token { start: at, ..Token::default() }).quotes = true;
            }
            _ => {
                let token = token.get_or_insert_with(|| Token { start: at, ..Token::default() });
                token.letters.push(Letter { c, at, quoted: quote.is_some() });
            }
        }
        if let Some(token) = &mut token {
            token.end = at + 1;
        }
    }
    if let Some((_, at)) = quote {
        return Err(error("this quote is not closed", at));
    }
    tokens.extend(token);
    Ok(tokens)
}

/// A quote opens at the start of a term or of its value; within a word it is an apostrophe.
fn opens_quote(c: char, token: Option<&Token>) -> bool {
    let before = token.and_then(|token| token.letters.last());
    matches!(c, '"' | '\'') && before.is_none_or(|before| !before.quoted && "!~=<>:".contains(before.c))
}

fn term(token: &Token, columns: &[&str]) -> Result<Term, FilterError> {
    let is = |letter: &Letter, c| letter.c == c && !letter.quoted;
    let bangs = token.letters.iter().take_while(|letter| is(letter, '!')).count();
    let letters = &token.letters[bangs..];
    let negated = bangs % 2 == 1;
    let test = match letters {
        [] => return Err(error("\"!\" needs a term that must not hold", token.start)),
        [first, pattern @ ..] if is(first, '~') => regex(first.at, pattern)?,
        _ if bare(letters).starts_with(LABEL) => label(token, &letters[LABEL.len()..])?,
        _ => column(token, letters, columns)?.unwrap_or_else(|| Test::word(&plain(letters))),
    };
    Ok(Term { negated, test })
}

fn plain(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.c).collect()
}

/// The letters up to the first quote.
fn bare(letters: &[Letter]) -> String {
    letters.iter().take_while(|letter| !letter.quoted).map(|letter| letter.c).collect()
}

fn regex(at: usize, letters: &[Letter]) -> Result<Test, FilterError> {
    let text = plain(letters);
    if text.is_empty() {
        return Err(error("\"~\" needs a pattern", at));
    }
    Pattern::new(&text).map(Test::Pattern).map_err(|why| error(format!("not a pattern: {why}"), at + 1))
}

/// The first sign outside of quotes: where it stands, how many letters it has, what it means.
fn sign(letters: &[Letter]) -> Option<(usize, usize, Comparison)> {
    let at = letters.iter().enumerate().find_map(|(index, letter)| {
        let next = letters.get(index + 1).is_some_and(|next| next.c == '=' && !next.quoted);
        let found = matches!(letter.c, '=' | '<' | '>') || (letter.c == '!' && next);
        (found && !letter.quoted).then_some(index)
    })?;
    let rest = bare(&letters[at..]);
    let (text, comparison) = SIGNS.iter().find(|(text, _)| rest.starts_with(text))?;
    Some((at, text.len(), *comparison))
}

fn label(token: &Token, letters: &[Letter]) -> Result<Test, FilterError> {
    let (name, value) = match sign(letters) {
        None => (letters, None),
        Some((at, length, Comparison::Equal)) => (&letters[..at], Some(plain(&letters[at + length..]))),
        Some((at, ..)) => {
            let message = "a label only knows \"=\"; for others put \"!\" before \"label:\"";
            return Err(error(message, letters[at].at));
        }
    };
    let name = plain(name);
    if name.is_empty() {
        return Err(error("\"label:\" needs a name", token.end));
    }
    Ok(match value {
        None => Test::Label { name },
        Some(value) => Test::LabelValue { name, value },
    })
}

/// The comparison with a column; `None` when the term is a mere word.
fn column(token: &Token, letters: &[Letter], columns: &[&str]) -> Result<Option<Test>, FilterError> {
    let Some((at, length, comparison)) = sign(letters) else { return Ok(None) };
    let key = &letters[..at];
    let named = |letter: &Letter| !letter.quoted && (letter.c.is_alphanumeric() || "-_./".contains(letter.c));
    if key.is_empty() || !key.iter().all(named) {
        return Ok(None);
    }
    let key = plain(key);
    let Some(column) = columns.iter().find(|column| column.eq_ignore_ascii_case(&key)) else {
        let meant = suggestion(&key, columns.iter().copied());
        let message = format!("no column is called \"{key}\"; {meant} (quotes search for the text)");
        return Err(error(message, letters[0].at));
    };
    let value = plain(&letters[at + length..]);
    let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    if value.is_empty() && !(token.quotes && equality) {
        return Err(error(format!("\"{key}\" needs a value after the sign"), token.end));
    }
    Ok(Some(Test::Column { column: (*column).to_owned(), comparison, operand: Operand::new(&value) }))
}
