//! What a form sends in place of a row's id, which is never shown.

use crate::app::App;
use pass_core::secret::base64url;
use subtle::ConstantTimeEq;

/// The handle of a row.
pub(super) fn handle(app: &App, id: &[u8]) -> String {
    base64url(&app.keys.forms.mac(&[b"row", id]).0)
}

/// Whether what was posted is the handle of this row.
pub(super) fn is(app: &App, id: &[u8], posted: &str) -> bool {
    handle(app, id).as_bytes().ct_eq(posted.as_bytes()).into()
}
