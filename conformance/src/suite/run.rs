//! One plan: its modules, at most four at once.

use std::{
    path::Path,
    process::Command,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::Value;

use super::{Outcome, Plan, api::Api};
use crate::demo::TO_FOLLOW;

/// More gains nothing: the suite mostly sleeps.
pub const AT_ONCE: usize = 4;
const TO_BEGIN: Duration = Duration::from_secs(60);
const TO_END: Duration = Duration::from_secs(300);
/// The module that waits for a hand: new keys.
const ROTATE: &str = "oidcc-server-rotate-keys";

/// Runs all modules of a plan, `at_once` side by side; their outcomes in the order of the plan.
///
/// # Errors
/// The suite refuses the plan.
pub fn plan(
    api: &Api,
    plan: &Plan,
    config: &str,
    at_once: usize,
    rotate: &(impl Fn() -> Result<(), String> + Sync),
) -> Result<Vec<Outcome>, String> {
    let (id, modules) = api.plan(&plan.plan, &Value::Object(plan.variant.clone()), config)?;
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some((name, variant)) = modules.get(at) else { return };
                    let (result, notes) =
                        module(api, &id, name, variant, rotate).unwrap_or_else(|why| ("ERROR".to_owned(), vec![why]));
                    let outcome = Outcome {
                        plan: plan.name.clone(),
                        module: name.clone(),
                        variant: variant.clone(),
                        result,
                        notes,
                    };
                    done.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((at, outcome));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    done.sort_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, outcome)| outcome).collect())
}

fn module(
    api: &Api,
    plan: &str,
    name: &str,
    variant: &Value,
    rotate: &impl Fn() -> Result<(), String>,
) -> Result<(String, Vec<String>), String> {
    let id = api.create(plan, name, variant)?;
    let begun = api.reach(&id, "CONFIGURED,WAITING,FINISHED,INTERRUPTED", TO_BEGIN)?;
    if begun.as_deref() == Some("CONFIGURED") {
        if name == ROTATE {
            rotate()?;
        }
        api.start(&id)?;
    }
    let late = api.reach(&id, "FINISHED,INTERRUPTED", TO_END)?.is_none();
    if late {
        api.cancel(&id)?;
    }
    let ended = api.ended(&id)?;
    Ok((if late { "TIMEOUT".to_owned() } else { ended.result }, ended.notes))
}

/// `pass keys rotate`, until the running program has followed.
///
/// # Errors
/// The command fails.
pub fn rotate(program: &Path, config: &Path) -> Result<(), String> {
    let done = Command::new(program).args(["keys", "rotate", "--config"]).arg(config).output();
    let done = done.map_err(|why| format!("pass keys rotate does not start: {why}"))?;
    if !done.status.success() {
        return Err(format!("pass keys rotate: {}", String::from_utf8_lossy(&done.stderr)));
    }
    thread::sleep(TO_FOLLOW);
    Ok(())
}

/// A template with its placeholders filled.
///
/// # Errors
/// A placeholder is left.
pub fn fill(template: &str, values: &[(&str, String)]) -> Result<String, String> {
    let mut text = template.to_owned();
    for (name, value) in values {
        let quoted = Value::from(value.as_str()).to_string();
        text = text.replace(&format!("{{{name}}}"), &quoted[1..quoted.len() - 1]);
    }
    match text.find("{PASS_") {
        None => Ok(text),
        Some(at) => Err(format!("no value for {}", text[at..].split_inclusive('}').next().unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn a_value_is_quoted_and_a_placeholder_without_a_value_is_refused() {
        let values = [("PASS_SECRET", "a\"b".to_owned())];
        assert_eq!(fill(r#"{"s": "{PASS_SECRET}"}"#, &values).as_deref(), Ok(r#"{"s": "a\"b"}"#));
        assert_eq!(fill(r#"{"s": "{PASS_OTHER}"}"#, &values), Err("no value for {PASS_OTHER}".to_owned()));
    }
}
