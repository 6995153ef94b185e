//! The demo: an embedded fleet that behaves like a real one. Servers on loopback that speak the Kubernetes API
//! ([`store`]: the data of each; [`api`]: its wire; [`serve`]: its address; [`admission`]: what webhooks refuse),
//! controllers that keep their objects moving ([`fleet`], [`control`]), and incidents ([`scenario`]).
//!
//! Nothing else of the console may use this module, except its command line entry: the console reaches the demo
//! through its address alone, so that what is shown of it is what would be shown of any fleet.
//!
//! # Where the servers differ from real ones
//!
//! `tests/it/contract_demo` plays the same cases on them and, in the live suite, on a real kube-apiserver; on those the
//! two agree. Beyond them, known and meant:
//!
//! - Answers are JSON. Bodies may be protobuf for the kinds that kubectl makes by its typed client (Namespace,
//!   `ConfigMap`, Secret, `ServiceAccount`, Deployment, `PodDisruptionBudget`, Event, Eviction, the reviews of access,
//!   `DeleteOptions`); others, and fields of those that are not known here, are refused (415), never dropped.
//! - A site serves one version of each group, so nothing is converted. The sites of the demo differ in their version
//!   instead, as real ones do.
//! - Kinds have no schemas: unknown fields are kept, types are not checked, `fieldValidation` is not heeded, and
//!   `explain` knows no more than that there is a spec. Of the server's own kinds little is defaulted.
//! - Of the webhooks of Cluster API there is what an operator meets ([`admission`]): versions, variables, classes in use,
//!   replicas of control planes, what cannot be changed. Naming templates, bounds of health checks, and most of
//!   kubeadm's own fields are taken as they come. Warnings are not sent. Webhooks of providers and of TKG are none.
//! - Later pages of a list show the present, not the revision of the first page; a list at an exact older revision is
//!   refused (410). Real servers keep old revisions for a few minutes.
//! - Objects that controllers made or changed carry no `managedFields`: to apply over them is no conflict. Those that
//!   clients wrote do; of lists only those with a well-known key (`name`, `type`, `uid`) are merged item by item.
//! - Events are served as `v1` alone, not as `events.k8s.io/v1`; who follows a log sees what is there and then nothing
//!   more; there is no exec, attach, port-forward or proxy (404), and no metrics.
//! - Owned objects and the contents of namespaces go in the same moment as their owner, not seconds later.
//! - There are two identities, `demo-admin` and `demo-viewer`, and no roles to read or write. Anybody may ask for
//!   version and health, as is usual.
//! - Only HTTP/1.1 is spoken, and answers are not compressed.
//! - Inside a workload cluster nodes, replica sets, daemon sets, deployments and budgets are kept as asked; stateful
//!   sets and jobs are not. A pod starts three seconds after it got a node, whatever its image, and ends two seconds
//!   after it was asked to; a rollout brings all new pods up before it takes the old ones down.
//! - The API of a workload cluster lies behind a path of its site's address, and that of a management cluster is its
//!   site's own. A Supervisor has no nodes.
//! - kapp-controller neither fetches nor renders: packages go through its stages and conditions by the clock, and there
//!   is no aggregated API that offers Packages. The site in the cloud has none on its management API.
//! - A workload cluster that is unreachable answers 503 behind its site's address, as a proxy before it would.
pub mod admission;
pub mod api;
pub mod clock;
pub mod control;
pub mod fleet;
mod run;
pub mod scenario;
pub mod seed;
pub mod serve;
pub mod store;

pub use run::run;
