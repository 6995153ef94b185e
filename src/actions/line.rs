//! The command line that does the same as an action: for a way back, and for whoever writes a script. Pure text.
use super::{
    Action,
    input::{Wanted, YES},
    plan::Inputs,
    spec::Noun,
};
use crate::{
    domain::{Home, ResourceRef},
    text::shell,
};

/// `tko scale pool md-0 -n team-a --site east --replicas 3`; nothing for an action that has no command.
pub fn of(action: &dyn Action, target: &ResourceRef, inputs: &Inputs) -> Option<String> {
    let call = action.call()?;
    let mut words: Vec<String> = vec!["tko".to_owned()];
    words.extend(call.words.iter().map(|word| (*word).to_owned()));
    words.push(shell(&target.key.name));
    match &target.source.home {
        Home::Workload(cluster) if call.noun == Noun::Node => {
            words.push(format!("--cluster {}", shell(&cluster.to_string())));
        }
        _ if target.key.namespace.is_empty() => {}
        _ => words.push(format!("-n {}", shell(&target.key.namespace))),
    }
    words.push(format!("--site {}", shell(target.source.site.as_str())));
    for ask in action.asks() {
        match (ask.wanted, inputs.get(ask.id).map_or("", |value| value.trim())) {
            (_, "") => {}
            (Wanted::Switch, YES) => words.push(format!("--{}", ask.id)),
            (Wanted::Switch, _) => {}
            (_, value) => words.push(format!("--{} {}", ask.id, shell(value))),
        }
    }
    Some(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        actions,
        domain::{ObjectKey, SiteId, Source},
    };

    #[test]
    fn a_way_back_can_be_pasted() {
        let target = ResourceRef {
            source: Source::management(&SiteId::new("prod eu"), "pool"),
            key: ObjectKey::new("team-a", "md-0"),
        };
        let inputs = Inputs::from([("replicas".to_owned(), "3".to_owned())]);
        let line = of(actions::find("pool.scale").unwrap(), &target, &inputs);
        assert_eq!(line.unwrap(), "tko scale pool md-0 -n team-a --site 'prod eu' --replicas 3");
    }
}
