//! Names in the settings that belong to other modules, checked where both are known. A wrong one is reported with
//! its place and costs nothing else.
use crate::{
    config::Settings,
    domain::{Problem, ProblemKind},
    nearest::suggestion,
    panes,
    theme::Theme,
};

/// Columns are named by the panes.
pub(super) fn columns(settings: &Settings, problems: &mut Vec<Problem>) {
    for (pane, ids) in &settings.columns {
        let Some(known) = panes::find(pane) else {
            problems.push(Problem::new(
                ProblemKind::File,
                format!(
                    "{}: no pane is called {pane}{}",
                    ids.origin,
                    suggestion(pane, panes::PANES.iter().map(|p| p.id))
                ),
            ));
            continue;
        };
        for id in &ids.value {
            if known.column(id).is_none() {
                problems.push(Problem::new(
                    ProblemKind::File,
                    format!(
                        "{}: pane {pane} has no column {id}{}",
                        ids.origin,
                        suggestion(id, known.columns.iter().map(|c| c.id))
                    ),
                ));
            }
        }
    }
}

/// The colours of sites are words of the theme.
pub(super) fn colours(settings: &Settings, theme: &Theme, problems: &mut Vec<Problem>) {
    for (site, section) in settings.sites.iter().filter(|(_, section)| !section.colour.is_empty()) {
        if let Err(why) = theme.named(&section.colour) {
            problems.push(Problem::new(ProblemKind::File, format!("{}: site {site}: {why}", section.origin)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::SiteSettings, theme::Depth};

    #[test]
    fn a_colour_the_theme_does_not_know_is_reported_with_the_nearest() {
        let (theme, _) = Theme::load("dark", None, Depth::TrueColor);
        let mut settings = Settings::default();
        for (site, colour) in [("a", "redd"), ("b", "red"), ("c", "health.bad"), ("d", "#12345"), ("e", "")] {
            let section = SiteSettings { colour: colour.into(), ..SiteSettings::default() };
            settings.sites.insert(site.into(), section);
        }
        let mut problems = Vec::new();
        colours(&settings, &theme, &mut problems);
        let said: Vec<&str> = problems.iter().map(|p| p.summary.as_str()).collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].contains("site a") && said[0].contains("red"), "{said:?}");
        assert!(said[1].contains("site d") && said[1].contains("#88aaff"), "{said:?}");
    }
}
