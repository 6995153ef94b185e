//! What a Table shows of an object: where a cell comes from, and of what type it is.
use serde_json::Value;

/// The type of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    Number,
    Date,
    Flag,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub form: Form,
    /// `.spec.version`, `?Ready` for the status of that condition, or `=pod-status` for what is worked out from several
    /// fields; `|` between ways of which the first that leads anywhere is taken.
    pub path: &'static str,
    /// Shown only in wide output.
    pub wide: bool,
}

impl Column {
    pub const fn text(name: &'static str, path: &'static str) -> Self {
        Self { name, form: Form::Text, path, wide: false }
    }
    pub const fn number(name: &'static str, path: &'static str) -> Self {
        Self { form: Form::Number, ..Self::text(name, path) }
    }
    pub const fn date(name: &'static str, path: &'static str) -> Self {
        Self { form: Form::Date, ..Self::text(name, path) }
    }
    pub const fn flag(name: &'static str, path: &'static str) -> Self {
        Self { form: Form::Flag, ..Self::text(name, path) }
    }
    #[must_use]
    pub const fn wide(self) -> Self {
        Self { wide: true, ..self }
    }

    /// What stands there in an object; null for nothing.
    pub fn cell(&self, object: &Value) -> Value {
        self.path.split('|').map(|path| Self::at(path, object)).find(|v| !v.is_null()).unwrap_or_default()
    }

    fn at(path: &str, object: &Value) -> Value {
        if let Some(name) = path.strip_prefix('=') {
            return super::cells::cell(name, object);
        }
        if let Some(condition) = path.strip_prefix('?') {
            let conditions = object["status"]["conditions"].as_array().map(Vec::as_slice).unwrap_or_default();
            let found = conditions.iter().find(|c| c["type"] == condition);
            return found.map_or(Value::Null, |c| c["status"].clone());
        }
        let mut at = object;
        for step in path.split('.').filter(|s| !s.is_empty()) {
            at = match step.parse::<usize>() {
                Ok(index) => &at[index],
                Err(_) => &at[step],
            };
        }
        at.clone()
    }
}
