//! One click for each staff member, in the demo only. A part of the sign-in page.

use askama::Template;
use pass_web::kit::Shell;

/// The buttons.
#[derive(Template)]
#[template(path = "manager/demo_staff.html")]
pub struct DemoStaff {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// The staff.
    pub staff: Vec<StaffButton>,
}

/// A staff member to be.
#[derive(Clone)]
pub struct StaffButton {
    /// The name, which is also what the form sends.
    pub name: String,
    /// Key of the role.
    pub role: &'static str,
    /// The facility; none for the city.
    pub facility: Option<String>,
}
