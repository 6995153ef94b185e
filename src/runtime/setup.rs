//! What a run starts from: settings, keymap, theme, sites. Mistakes in files become problems on the way;
//! what is valid of them still counts.
use std::{sync::Arc, time::Duration};

use super::{app::mailbox, memory, naming, runner::Runner};
use crate::{
    actions,
    backends::kube::{Connections, Options, ProxyEnvironment, Request, Sites},
    command,
    config::{self, Flags, Paths, Settings},
    domain::{Problem, ProblemKind},
    keymap::{self, Keymap},
    msg::{self, Msg, Start},
    panes,
    theme::{Depth, Glyphs, Theme},
    view::Look,
};

/// Everything that was read before the first message.
pub struct Setup {
    pub settings: Settings,
    pub paths: Paths,
    pub sites: Arc<Sites>,
    pub keymap: Keymap,
    pub problems: Vec<Problem>,
    flags: Flags,
}

fn env(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl Setup {
    /// Reads files and environment. Only a home folder that cannot be found ends the run here.
    pub fn read(flags: Flags) -> Result<Self, Problem> {
        Ok(Self::read_in(Paths::of_user()?, flags))
    }

    /// Reads files and environment, with everything of ours in other folders than the user's.
    pub fn read_in(paths: Paths, flags: Flags) -> Self {
        let config::Loaded { settings, mut problems } = config::load(&paths, env, &flags);
        let request = Request::new(&settings, &flags, env("KUBECONFIG").as_deref(), &paths);
        let mut sites = Sites::load(&request);
        problems.append(&mut sites.problems);
        let keymap = keymap(&settings, &paths, &mut problems);
        naming::columns(&settings, &mut problems);
        Self { settings, paths, sites: Arc::new(sites), keymap, problems, flags }
    }

    /// Theme and signs to begin with.
    pub fn look(&mut self) -> Look {
        let name = if self.settings.theme.value == "auto" {
            "dark".to_owned()
        } else {
            self.settings.theme.value.clone()
        };
        let (theme, mut problems) = self.theme(&name);
        self.problems.append(&mut problems);
        naming::colours(&self.settings, &theme, &mut self.problems);
        Look {
            theme,
            glyphs: Glyphs::new(self.settings.ascii),
            ascii: self.settings.ascii,
            keymap: self.keymap.clone(),
        }
    }

    /// A theme by name: the operator's file of that name is laid over the built-in one.
    pub fn theme(&self, name: &str) -> (Theme, Vec<Problem>) {
        let file = self.paths.theme_dir().join(format!("{name}.toml"));
        let text = std::fs::read_to_string(&file).ok();
        let shown = file.display().to_string();
        let no_color = self.settings.no_color.then_some("1");
        let depth = Depth::detect(env("COLORTERM").as_deref(), env("TERM").as_deref(), no_color);
        Theme::load(name, text.as_deref().map(|t| (&*shown, t)), depth)
    }

    /// The theme follows the background of the terminal.
    pub fn follows_background(&self) -> bool {
        self.settings.theme.value == "auto"
    }

    /// The first message.
    pub fn start(&mut self, size: (u16, u16), pane: &str, filter: &str, headless: bool) -> Msg {
        if panes::find(pane).is_none() {
            let ids = panes::PANES.iter().map(|p| p.id);
            self.problems.push(Problem::new(
                ProblemKind::Policy,
                format!("--pane {pane}: no such pane{}", crate::nearest::suggestion(pane, ids)),
            ));
        }
        #[expect(clippy::disallowed_methods, reason = "the first message brings the time")]
        let now = jiff::Timestamp::now();
        Msg::Started(Box::new(Start {
            now,
            width: size.0,
            height: size.1,
            sites: self.sites.specs.clone(),
            pane: pane.to_owned(),
            filter: filter.to_owned(),
            problems: std::mem::take(&mut self.problems),
            look: msg::Look {
                ascii: self.settings.ascii,
                reduced_motion: self.settings.reduced_motion,
                columns: self
                    .settings
                    .columns
                    .iter()
                    .map(|(pane, ids)| (pane.clone(), ids.value.clone()))
                    .collect(),
                session_minutes: self.settings.write_session_minutes,
            },
            headless,
            memory: if headless {
                crate::state::memory::Memory::default()
            } else {
                memory::load(self.paths.state_dir())
            },
        }))
    }

    /// The way to every site; nothing is connected yet.
    pub fn connections(&self) -> Connections {
        let options = Options {
            exec_timeout: Duration::from_secs(u64::from(self.settings.exec_timeout_seconds)),
            impersonate: self.flags.impersonate.clone(),
            impersonate_groups: self.flags.impersonate_groups.clone(),
            proxies: ProxyEnvironment::new(env),
        };
        Connections::new(self.sites.clone(), options)
    }

    /// Mailbox and runner, connected to nothing yet.
    pub fn runner(&self) -> (tokio::sync::mpsc::Sender<Msg>, tokio::sync::mpsc::Receiver<Msg>, Runner) {
        let (messages, mailbox) = mailbox();
        let connections = Arc::new(self.connections());
        let runner = Runner::new(
            connections,
            messages.clone(),
            self.paths.state_dir().to_owned(),
            self.paths.journal_dir(),
        );
        (messages, mailbox, runner)
    }
}

fn keymap(settings: &Settings, paths: &Paths, problems: &mut Vec<Problem>) -> Keymap {
    let ids: Vec<&str> =
        command::COMMANDS.iter().map(|c| c.id).chain(actions::ACTIONS.iter().map(|a| a.id())).collect();
    let file = paths.keymap_file();
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
        Err(e) => {
            problems
                .push(Problem::new(ProblemKind::File, format!("{}: cannot be read: {e}", file.display())));
            None
        }
    };
    let shown = file.display().to_string();
    let (keymap, mut wrong) = keymap::load(
        &settings.keymap.value,
        text.as_deref().map(|t| (&*shown, t)),
        &|id| ids.contains(&id),
        &ids,
    );
    problems.append(&mut wrong);
    keymap
}
