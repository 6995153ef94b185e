//! From the names of a changing command to the one object it is about, with all that its plan looks at.
use super::{
    super::{
        asked::{self, Patience},
        exit::Failure,
        find::{self, Named},
        lacks::Standing,
        run::Run,
    },
    READ,
};
use crate::{
    actions::{Action, family, spec::Noun},
    cli::Change,
    domain::{ResourceRef, Source},
    msg::{Msg, Query},
};

/// Finds the target, then follows all of its cluster: the plan looks at its machines.
pub(super) async fn find(run: &mut Run, action: &dyn Action, args: &Change) -> Result<ResourceRef, Failure> {
    let patience = Patience::new(READ);
    if args.noun == Noun::Node {
        let consent = args.use_kubeconfig_secret;
        let namespaces: Vec<String> = args.flags.namespace.iter().cloned().collect();
        let clusters: Vec<String> = args.cluster.iter().cloned().collect();
        asked::narrow(run, &namespaces, &clusters, consent, patience).await?;
    }
    let lacks = asked::answers(run, patience).await?;
    let (noun, name) = (args.noun, args.name.as_str());
    let cluster = args.cluster.as_deref().map(Named::parse);
    let namespace = args.flags.namespace.as_deref();
    let mut found = find::targets(&run.state, noun, Named::parse(name), namespace, cluster);
    let target = match found.len() {
        0 => {
            asked::report(&lacks);
            let known: Vec<String> =
                run.state.fleet.of_kind(noun.word()).map(|(_, _, o)| o.meta.name.to_string()).collect();
            return Err(find::nowhere(noun.word(), name, &known, &lacks));
        }
        1 => found.remove(0),
        _ => {
            let failure = find::several(noun.word(), name, found.iter().map(ToString::to_string));
            return Err(failure.hint("narrow it with --site, -n and --cluster"));
        }
    };
    read_around(run, action, &target, patience).await;
    Ok(target)
}

/// What is missing of it makes the plan say less, not wrong.
async fn read_around(run: &mut Run, action: &dyn Action, target: &ResourceRef, patience: Patience) {
    let site = &target.source.site;
    let kinds = ["cluster", "control-plane", "pool", "machine"].iter().chain(action.reads());
    let mut reads: Vec<Source> = kinds.map(|kind| Source::management(site, kind)).collect();
    reads.push(target.source.clone());
    let consent = run.state.workloads.consent.iter().cloned().collect();
    // The tree of the cluster would ask for its nodes, which nobody needs to change a pool.
    let tree = family::cluster_of(&run.state, target)
        .filter(|_| target.source.cluster().is_none())
        .map(|at| at.cluster_key());
    run.send(Msg::Query(Box::new(Query { tree, consent, reads, ..Query::default() })));
    run.until(patience.until, |state| Standing::of(state).is_managed()).await;
}
