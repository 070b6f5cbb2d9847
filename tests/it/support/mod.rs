//! What the tests share: the world with its named cast, and the checks of the tree itself.
pub mod arrange;
pub mod browser;
pub mod case_work;
pub mod counting;
pub mod estate;
pub mod form;
pub mod gateway;
pub mod guest;
pub mod pdf;
pub mod phone;
pub mod placed;
pub mod post;
pub mod program;
pub mod sent;
pub mod server;
pub mod spreadsheets;
pub mod world;

pub use world::World;
