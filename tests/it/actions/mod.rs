//! What each action plans, as data, and what it refuses.
mod scale_pool;
