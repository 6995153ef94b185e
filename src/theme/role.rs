//! What a piece of the screen means. Views speak of roles only; which colour a role has stands in `themes/`.
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::domain::Health;
use crate::nearest::suggestion;

/// One meaning that a theme gives a style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Everything that is nothing else, and the ground of the whole frame.
    Text,
    TextDim,
    TextAccent,
    Title,
    Header,
    HeaderWarning,
    Border,
    BorderFocus,
    RowSelected,
    RowMarked,
    /// A row whose source does not answer any more.
    RowStale,
    ColumnTitle,
    ColumnSorted,
    HealthOk,
    HealthProgressing,
    HealthPaused,
    HealthWarning,
    HealthBad,
    HealthUnknown,
    FilterMatch,
    DiffAdd,
    DiffRemove,
    DiffContext,
    YamlKey,
    YamlValue,
    YamlComment,
    KeyHint,
    NoticeInfo,
    NoticeWarning,
    NoticeError,
    Overlay,
    OverlayTitle,
    Input,
    InputError,
    Badge,
    /// A write session is open.
    SessionWrite,
    /// A site that the operator marked as protected.
    Protected,
}

const NAMES: [(Role, &str); 37] = [
    (Role::Text, "text"),
    (Role::TextDim, "text.dim"),
    (Role::TextAccent, "text.accent"),
    (Role::Title, "title"),
    (Role::Header, "header"),
    (Role::HeaderWarning, "header.warning"),
    (Role::Border, "border"),
    (Role::BorderFocus, "border.focus"),
    (Role::RowSelected, "row.selected"),
    (Role::RowMarked, "row.marked"),
    (Role::RowStale, "row.stale"),
    (Role::ColumnTitle, "column.title"),
    (Role::ColumnSorted, "column.sorted"),
    (Role::HealthOk, "health.ok"),
    (Role::HealthProgressing, "health.progressing"),
    (Role::HealthPaused, "health.paused"),
    (Role::HealthWarning, "health.warning"),
    (Role::HealthBad, "health.bad"),
    (Role::HealthUnknown, "health.unknown"),
    (Role::FilterMatch, "filter.match"),
    (Role::DiffAdd, "diff.add"),
    (Role::DiffRemove, "diff.remove"),
    (Role::DiffContext, "diff.context"),
    (Role::YamlKey, "yaml.key"),
    (Role::YamlValue, "yaml.value"),
    (Role::YamlComment, "yaml.comment"),
    (Role::KeyHint, "key.hint"),
    (Role::NoticeInfo, "notice.info"),
    (Role::NoticeWarning, "notice.warning"),
    (Role::NoticeError, "notice.error"),
    (Role::Overlay, "overlay"),
    (Role::OverlayTitle, "overlay.title"),
    (Role::Input, "input"),
    (Role::InputError, "input.error"),
    (Role::Badge, "badge"),
    (Role::SessionWrite, "session.write"),
    (Role::Protected, "protected"),
];

impl Role {
    /// Every role, in the order of the enum.
    pub const ALL: [Self; NAMES.len()] = {
        let mut all = [Self::Text; NAMES.len()];
        let mut index = 0;
        while index < all.len() {
            all[index] = NAMES[index].0;
            index += 1;
        }
        all
    };

    /// What theme files call it.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }

    /// The role of that name.
    pub fn find(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(role, _)| *role)
    }

    /// The names under which a theme may style it, the most exact first.
    pub(super) fn chain(self) -> impl Iterator<Item = &'static str> {
        let name = self.name();
        let parents = name.rmatch_indices('.').map(move |(at, _)| &name[..at]);
        [name].into_iter().chain(parents).chain([Self::Text.name()])
    }

    /// Every name that a theme file may style: the roles and what their names begin with.
    pub(super) fn known_names() -> Vec<&'static str> {
        let mut known: Vec<&'static str> = Self::ALL.into_iter().flat_map(Self::chain).collect();
        known.sort_unstable();
        known.dedup();
        known
    }
}

impl From<Health> for Role {
    fn from(health: Health) -> Self {
        match health {
            Health::Ok => Self::HealthOk,
            Health::Progressing => Self::HealthProgressing,
            Health::Paused => Self::HealthPaused,
            Health::Warning => Self::HealthWarning,
            Health::Bad => Self::HealthBad,
            Health::Unknown => Self::HealthUnknown,
        }
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::find(&name).ok_or_else(|| {
            let meant = suggestion(&name, NAMES.iter().map(|(_, name)| *name));
            D::Error::custom(format_args!("no role is called \"{name}\"; {meant}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_the_order_of_the_enum() {
        for (index, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, index);
            assert_eq!(Role::find(role.name()), Some(role));
            let json = serde_json::to_string(&role).unwrap();
            assert_eq!(serde_json::from_str::<Role>(&json).unwrap(), role);
        }
        assert!(
            serde_json::from_str::<Role>("\"health.bda\"").unwrap_err().to_string().contains("health.bad")
        );
    }

    #[test]
    fn a_dotted_name_falls_back_to_its_beginning_and_then_to_text() {
        assert_eq!(Role::HealthBad.chain().collect::<Vec<_>>(), ["health.bad", "health", "text"]);
        assert_eq!(Role::Badge.chain().collect::<Vec<_>>(), ["badge", "text"]);
        assert!(Role::known_names().contains(&"health"));
    }

    #[test]
    fn each_health_has_the_role_of_its_word() {
        for health in
            [Health::Ok, Health::Paused, Health::Progressing, Health::Unknown, Health::Warning, Health::Bad]
        {
            assert_eq!(Role::from(health).name(), format!("health.{}", health.word()));
        }
    }
}
