//! The resident's own pages.

use actix_web::web::ServiceConfig;

/// Mounts `/me`.
pub fn routes(_config: &mut ServiceConfig) {}
