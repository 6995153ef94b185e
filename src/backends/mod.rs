//! What the console talks to. Each backend is a concrete client with typed calls; its errors become problems
//! before they leave it. Together with the runtime the only code that does IO.
pub mod drill;
pub mod kube;
