//! The console without a world: messages and keys go in, effects and frames come out. Nothing waits,
//! nothing is connected, time moves when a test says so.
use std::sync::OnceLock;

use jiff::{SignedDuration, Timestamp};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};
use tko::{
    actions,
    actions::plan::{DryRunReport, FieldChange, JobId, Plan, PlanToken},
    command,
    domain::{
        ClusterKey, Object, ObjectKey, Problem, ProblemKind, ResourceRef, SiteId, Source,
        site::{Discovery, Greeting, Protection, ServedKind, SiteSpec},
    },
    effect::Effect,
    keymap::{self, Chord, Key, Keymap},
    kinds,
    msg::{self, Change, Msg, Observation, Session, SiteEvent, Start, WorkloadEvent},
    state::{
        Freshness, State,
        access::{Permit, Question},
    },
    theme::{Depth, Glyphs, Theme},
    update::{Context, update},
    view::{self, Look},
};

use super::objects::{self, NAMESPACE, Template};

/// A run of the console; see the methods for what can be told to it.
pub struct Scenario {
    pub state: State,
    pub context: Context,
    pub look: Look,
    /// Effects since they were last taken.
    pub effects: Vec<Effect>,
    /// Every message so far, as a recording would hold them.
    pub log: Vec<Msg>,
    start: Option<Start>,
}

impl Scenario {
    /// A console of this size, not started yet: its first message is sent with the first thing that happens.
    pub fn new(width: u16, height: u16) -> Self {
        let (keymap, theme) = defaults();
        let start = Start {
            now: objects::start(),
            width,
            height,
            sites: Vec::new(),
            pane: "fleet".into(),
            filter: String::new(),
            problems: Vec::new(),
            look: msg::Look::default(),
            headless: false,
            memory: tko::state::memory::Memory::default(),
            practice: tko::msg::Practice::default(),
        };
        Self {
            state: State::default(),
            context: Context { keymap: keymap.clone() },
            look: Look { theme, glyphs: Glyphs::new(false), ascii: false, keymap },
            effects: Vec::new(),
            log: Vec::new(),
            start: Some(start),
        }
    }

    /// What the run starts from, to be changed before anything happens.
    pub fn starts(&mut self) -> &mut Start {
        self.start.as_mut().expect("the scenario has begun")
    }
    pub fn site(&mut self, id: &str) -> &mut Self {
        self.site_with(id, Protection::Normal)
    }
    pub fn site_with(&mut self, id: &str, protection: Protection) -> &mut Self {
        self.starts().sites.push(SiteSpec {
            id: SiteId::new(id),
            context: format!("{id}-admin"),
            server: format!("https://{id}.example:6443"),
            tags: std::collections::BTreeMap::new(),
            protection,
            colour: String::new(),
            write: false,
        });
        self
    }
    pub fn ascii(&mut self) -> &mut Self {
        self.starts().look.ascii = true;
        self.look.ascii = true;
        self.look.glyphs = Glyphs::new(true);
        self
    }
    pub fn theme(&mut self, name: &str, depth: Depth) -> &mut Self {
        self.look.theme = Theme::load(name, None, depth).0;
        self
    }

    /// Takes in one message.
    pub fn send(&mut self, msg: Msg) -> &mut Self {
        if let Some(start) = self.start.take() {
            self.take(Msg::Started(Box::new(start)));
        }
        self.take(msg);
        self
    }
    fn take(&mut self, msg: Msg) {
        self.log.push(msg.clone());
        self.effects.extend(update(&mut self.state, &self.context, msg));
    }
    pub fn begin(&mut self) -> &mut Self {
        let now = self.now();
        self.send(Msg::Tick(now))
    }
    pub fn now(&self) -> Timestamp {
        self.start.as_ref().map_or(self.state.now, |s| s.now)
    }
    /// Time passes, second by second as the clock of the loop does it.
    pub fn tick(&mut self, seconds: i64) -> &mut Self {
        for _ in 0..seconds {
            let then = self.now() + SignedDuration::from_secs(1);
            self.send(Msg::Tick(then));
        }
        self
    }
    /// Presses keys, written as in a keymap and separated by blanks.
    pub fn keys(&mut self, script: &str) -> &mut Self {
        for word in script.split_whitespace() {
            let chord: Chord = word.parse().unwrap_or_else(|_| panic!("no key is called {word}"));
            self.send(Msg::Key(chord));
        }
        self
    }
    /// Types a text, letter by letter.
    pub fn types(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.send(Msg::Key(Chord::plain(Key::Char(c))));
        }
        self
    }

    /// A site answers, with everything we read in its newest spelling.
    pub fn live(&mut self, site: &str) -> &mut Self {
        self.greets(site, greeting(true))
    }
    pub fn greets(&mut self, site: &str, greeting: Greeting) -> &mut Self {
        self.send(Msg::Site(SiteId::new(site), Box::new(SiteEvent::Connected(greeting))))
    }
    pub fn site_fails(&mut self, site: &str, problem: Problem) -> &mut Self {
        let retry_at = Some(self.now() + SignedDuration::from_secs(8));
        let event = SiteEvent::Failed { problem, retry_at, attempt: 3 };
        self.send(Msg::Site(SiteId::new(site), Box::new(event)))
    }
    pub fn says(&mut self, source: &Source, observation: Observation) -> &mut Self {
        self.send(Msg::Observed(source.clone(), observation))
    }
    /// A whole list of a site's own objects.
    pub fn list(&mut self, site: &str, kind: &str, objects: &[Template]) -> &mut Self {
        self.list_from(&own(site, kind), objects)
    }
    pub fn list_from(&mut self, source: &Source, objects: &[Template]) -> &mut Self {
        self.says(source, Observation::Listing);
        self.says(source, Observation::Changes(objects.iter().map(upsert).collect()));
        self.says(source, Observation::Listed)
    }
    /// One object is new or has changed.
    pub fn change(&mut self, site: &str, kind: &str, object: &Template) -> &mut Self {
        self.says(&own(site, kind), Observation::Changes(vec![upsert(object)]))
    }
    pub fn remove(&mut self, site: &str, kind: &str, name: &str) -> &mut Self {
        let key = ObjectKey::new(NAMESPACE, name);
        self.says(&own(site, kind), Observation::Changes(vec![Change::Remove(key)]))
    }
    /// A watch that breaks just now.
    pub fn stale(&mut self, site: &str, kind: &str) -> &mut Self {
        if self.state.fleet.collection(&own(site, kind)).is_some_and(|c| c.freshness == Freshness::Live) {
            self.says(&own(site, kind), Observation::Heard(self.now()));
        }
        let retry_at = Some(self.now() + SignedDuration::from_secs(8));
        self.says(&own(site, kind), Observation::Failed { problem: refused(), retry_at })
    }
    /// The API of a workload cluster is reached.
    pub fn reached(&mut self, cluster: &ClusterKey) -> &mut Self {
        let event = WorkloadEvent::Connected { via: "context".into(), greeting: greeting(true) };
        self.send(Msg::Workload(cluster.clone(), Box::new(event)))
    }
    pub fn session(&mut self, site: &str, minutes: i64) -> &mut Self {
        let opened = self.now();
        let until = opened + SignedDuration::from_secs(minutes * 60);
        let session = Session { opened, until, reason: "INC-4711".into() };
        self.send(Msg::Session(SiteId::new(site), Ok(Some(session))))
    }
    /// Answers every access review that was asked since the effects were last taken.
    pub fn permit(&mut self, permit: &Permit) -> &mut Self {
        let asked: Vec<Question> = self
            .effects
            .iter()
            .filter_map(|e| if let Effect::Ask(questions) = e { Some(questions.clone()) } else { None })
            .flatten()
            .collect();
        self.send(Msg::Access(asked.into_iter().map(|q| (q, permit.clone())).collect()))
    }

    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
    /// The newest dry run that was asked for.
    pub fn dry_run(&self) -> Option<(PlanToken, Plan)> {
        self.effects.iter().rev().find_map(|e| match e {
            Effect::DryRun(token, plan) => Some((*token, (**plan).clone())),
            _ => None,
        })
    }
    pub fn executed(&self) -> Vec<(JobId, Plan)> {
        let job = |e: &Effect| match e {
            Effect::Execute(job, plan) => Some((*job, (**plan).clone())),
            _ => None,
        };
        self.effects.iter().filter_map(job).collect()
    }
    pub fn answers(&mut self, token: PlanToken, changes: Vec<FieldChange>) -> &mut Self {
        let report =
            DryRunReport { at: self.now(), changes, warnings: Vec::new(), resource_version: "101".into() };
        self.send(Msg::DryRun(token, Ok(Box::new(report))))
    }

    /// The frame as lines of text, without blanks at their ends.
    pub fn frame(&mut self) -> String {
        self.text_of(&self.state)
    }
    /// The frame that another state makes here.
    pub fn text_of(&self, state: &State) -> String {
        super::style::text(&self.draw(state))
    }
    /// The frame's cells with their styles.
    pub fn buffer(&self) -> Buffer {
        self.draw(&self.state)
    }
    fn draw(&self, state: &State) -> Buffer {
        let backend = TestBackend::new(state.terminal.0, state.terminal.1);
        let mut terminal = Terminal::new(backend).unwrap();
        terminal.draw(|frame| view::frame(state, &self.look, frame)).unwrap();
        terminal.backend().buffer().clone()
    }
    /// The line of the frame that holds a text.
    pub fn line(&mut self, holding: &str) -> String {
        let frame = self.frame();
        let line = frame.lines().find(|line| line.contains(holding));
        line.unwrap_or_else(|| panic!("`{holding}` is not in\n{frame}")).to_owned()
    }
    /// Puts the cursor on the row of that name.
    pub fn select(&mut self, name: &str) -> &mut Self {
        self.keys("g g");
        let mut left = self.rows().len();
        while self.selected() != name {
            left = left.checked_sub(1).unwrap_or_else(|| panic!("no row `{name}` in {:?}", self.rows()));
            self.keys("j");
        }
        self
    }
    /// Name of the selected object; empty without one.
    pub fn selected(&self) -> String {
        tko::update::selected(&self.state).map_or(String::new(), |t| t.key.name.to_string())
    }
    /// Names of the rows in the table on the screen, in order.
    pub fn rows(&self) -> Vec<String> {
        let table = self.state.screen.table().expect("a table is on the screen");
        let name = |id| self.state.resource(id).map_or(String::new(), |t| t.key.name.to_string());
        table.index.rows().map(name).collect()
    }
}

/// The default keymap and theme, read once.
fn defaults() -> (Keymap, Theme) {
    static READ: OnceLock<(Keymap, Theme)> = OnceLock::new();
    let read = || {
        let ids = all_ids();
        let (keymap, problems) = keymap::load("default", None, &|id| ids.contains(&id), &ids);
        assert_eq!(problems, [], "the default keymap is valid");
        let (theme, problems) = Theme::load("dark", None, Depth::TrueColor);
        assert_eq!(problems, [], "the dark theme is valid");
        (keymap, theme)
    };
    READ.get_or_init(read).clone()
}

/// Ids of all commands and actions, as the keymap wants them.
pub fn all_ids() -> Vec<&'static str> {
    command::COMMANDS.iter().map(|c| c.id).chain(actions::ACTIONS.iter().map(|a| a.id())).collect()
}

/// The collection of one kind on a site's own API.
pub fn own(site: &str, kind: &str) -> Source {
    Source::management(&SiteId::new(site), kind)
}

pub fn target(site: &str, kind: &str, name: &str) -> ResourceRef {
    ResourceRef { source: own(site, kind), key: ObjectKey::new(NAMESPACE, name) }
}

pub fn cluster_key(site: &str, name: &str) -> ClusterKey {
    ClusterKey { site: SiteId::new(site), key: ObjectKey::new(NAMESPACE, name) }
}

fn upsert(template: &Template) -> Change {
    let object: Object = template.read();
    Change::Upsert(Box::new(object))
}

/// What an API server says that serves every kind we read; `newest` without the older spelling beside it.
pub fn greeting(newest: bool) -> Greeting {
    let kinds = kinds::KINDS
        .iter()
        .map(|k| ServedKind {
            group: k.group.into(),
            version: if newest { k.versions[0] } else { k.versions[k.versions.len() - 1] }.into(),
            kind: k.kind.into(),
            plural: k.plural.into(),
            namespaced: k.id != "node",
            stale: false,
        })
        .collect();
    Greeting {
        version: "v1.33.4+vmware.1".into(),
        identity: "oncall@example.com".into(),
        groups: Vec::new(),
        discovery: Discovery { kinds, aggregated: true },
        latency_ms: 12,
        clock_skew_s: 0,
    }
}

/// Nobody listens.
pub fn refused() -> Problem {
    Problem::new(ProblemKind::Unreachable, "connection refused by 10.0.0.7:6443")
        .hint("is the VPN up? r retries now")
}

pub fn forbidden(what: &str) -> Problem {
    Problem::new(
        ProblemKind::Forbidden,
        format!("oncall@example.com may not list {what} at the cluster scope"),
    )
    .hint("ask for the view role")
    .code(403)
}

pub fn absent(what: &str) -> Problem {
    Problem::new(ProblemKind::Absent, format!("{what} is not served here"))
        .hint("this is no Cluster API management cluster")
}
