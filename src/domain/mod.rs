//! What the operator manages, in our own words. No kube, tokio or ratatui types and no clock here:
//! everything can be recorded, replayed and compared in a test.
pub mod class;
pub mod cluster;
pub mod condition;
pub mod event;
pub mod health;
pub mod health_check;
pub mod identity;
pub mod machine;
pub mod node;
pub mod object;
pub mod operation;
pub mod package;
pub mod pod;
pub mod pool;
pub mod problem;
pub mod quantity;
pub mod release;
pub mod site;
pub mod text;
pub mod version;

pub use condition::{Condition, Status};
pub use health::Health;
pub use identity::{ClusterKey, Home, KindId, ObjectKey, ResourceRef, SiteId, Source};
pub use object::{Facts, Meta, Object};
pub use problem::{Problem, ProblemKind};
pub use text::Text;
