//! Incidents that can be played: what the palette offers of them, and what came of asking. On a real fleet there are
//! none, and nothing here does anything.
use crate::{
    domain::{
        Problem,
        drill::{Drill, Drilling},
    },
    effect::Effect,
    state::{
        State,
        overlay::{Item, Overlay, Run},
    },
};

/// A line of the palette for each.
pub(super) fn items(state: &State) -> Vec<Item> {
    state.drills.iter().map(item).collect()
}

fn item(drill: &Drill) -> Item {
    let (verb, what) = if drill.playing {
        ("end", Drilling::End(drill.name.clone()))
    } else {
        ("inject", Drilling::Play(drill.name.clone()))
    };
    Item {
        run: Run::Drill(what),
        title: format!("Demo: {verb} {}", drill.name),
        note: drill.title.clone(),
        greyed: false,
    }
}

/// Some end by themselves: whoever opens the palette sees how they stand.
pub(super) fn ask(state: &State) -> Option<Effect> {
    (!state.drills.is_empty()).then_some(Effect::Drill(Drilling::List))
}

/// The list as it is now; what has begun or ended since the last one is told.
pub(super) fn listed(state: &mut State, drills: Result<Vec<Drill>, Problem>) -> Vec<Effect> {
    state.touch();
    let drills = match drills {
        Ok(drills) => drills,
        Err(problem) => {
            state.notices.fail(state.now, problem);
            return vec![];
        }
    };
    for drill in &drills {
        let before = state.drills.iter().find(|d| d.name == drill.name).map(|d| d.playing);
        match (before, drill.playing) {
            (Some(false), true) => state.notices.tell(state.now, format!("played: {}", drill.title)),
            (Some(true), false) => state.notices.tell(state.now, format!("ended: {}", drill.name)),
            _ => {}
        }
    }
    state.drills = drills;
    refresh(state);
    vec![]
}

/// A palette that is open says so too, in place: nothing moves under the operator's finger. What it did not offer yet
/// comes last.
fn refresh(state: &mut State) {
    let fresh = items(state);
    let Some(Overlay::Palette(choice)) = state.screen.overlays.last_mut() else { return };
    let before = choice.items.len();
    for new in fresh {
        let same = |item: &&mut Item| match (&item.run, &new.run) {
            (Run::Drill(one), Run::Drill(other)) => one.name() == other.name(),
            _ => false,
        };
        match choice.items.iter_mut().find(same) {
            Some(item) => *item = new,
            None => choice.items.push(new),
        }
    }
    if choice.items.len() > before {
        super::choose::narrow(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{keymap::Keymap, msg::Msg, update::Context};

    fn send(state: &mut State, msg: Msg) -> Vec<Effect> {
        crate::update::update(state, &Context { keymap: Keymap::default() }, msg)
    }

    fn drill(playing: bool) -> Drill {
        Drill { name: "rollout-held".into(), title: "A rollout is held".into(), playing }
    }

    fn offered(state: &State) -> Vec<String> {
        let Some(Overlay::Palette(choice)) = state.screen.overlays.last() else { return vec![] };
        choice.items.iter().map(|i| i.title.clone()).filter(|t| t.starts_with("Demo")).collect()
    }

    #[test]
    fn a_real_fleet_has_nothing_to_inject() {
        let mut state = State::default();
        let effects = super::super::choose::palette(&mut state);
        assert_eq!((offered(&state), effects), (vec![], vec![]));
    }

    #[test]
    fn a_palette_that_was_opened_early_learns_what_can_be_played() {
        let mut state = State::default();
        super::super::choose::palette(&mut state);
        send(&mut state, Msg::Drills(Ok(vec![drill(false)])));
        assert_eq!(offered(&state), ["Demo: inject rollout-held"]);
        let Some(Overlay::Palette(choice)) = state.screen.overlays.last() else { panic!("no palette") };
        assert_eq!(choice.shown.len(), choice.items.len());
    }

    #[test]
    fn the_palette_offers_what_can_be_played_and_follows_what_is() {
        let mut state = State::default();
        send(&mut state, Msg::Drills(Ok(vec![drill(false)])));
        assert_eq!(state.notices.len(), 0, "the first list is no news");
        let effects = super::super::choose::palette(&mut state);
        assert_eq!(effects, [Effect::Drill(Drilling::List)]);
        assert_eq!(offered(&state), ["Demo: inject rollout-held"]);
        send(&mut state, Msg::Drills(Ok(vec![drill(true)])));
        assert_eq!(offered(&state), ["Demo: end rollout-held"]);
        assert_eq!(state.notices.len(), 1);
        state.screen.overlays.clear();
        super::super::choose::palette(&mut state);
        let Some(Overlay::Palette(choice)) = state.screen.overlays.last_mut() else { panic!("no palette") };
        choice.at = choice.shown.len() - 1;
        let context = Context { keymap: Keymap::default() };
        let effects = super::super::choose::accept(&mut state, &context);
        assert_eq!(effects, [Effect::Drill(Drilling::End("rollout-held".into()))]);
    }
}
