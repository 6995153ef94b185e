//! The demo: an embedded fleet that behaves like a real one. Servers on loopback that speak the Kubernetes API
//! ([`store`]: the data of each), controllers that keep their objects moving, and incidents.
//!
//! Nothing else of the console may use this module, except its command line entry: the console reaches the demo
//! through its address alone, so that what is shown of it is what would be shown of any fleet.
pub mod api;
pub mod clock;
pub mod control;
pub mod fleet;
pub mod scenario;
pub mod seed;
pub mod serve;
pub mod store;
