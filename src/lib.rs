//! Finds the claims that news articles in many languages share, and tells agreement from contradiction.
//!
//! A claim enters as text in an article and leaves as a row that a person can check. The modules follow that way, in
//! order; a module uses only modules listed before it (`tests/house.rs` holds it to that).

pub mod article;
pub mod sentence;
pub mod claim;
pub mod model;
pub mod embed;
pub mod cache;
pub mod align;
pub mod judge;
pub mod group;
#[cfg(feature = "tables")]
pub mod tables;
#[cfg(feature = "tables")]
pub mod stage;
pub mod report;
pub mod review;
pub mod evaluate;
pub mod settings;
pub mod pipeline;
