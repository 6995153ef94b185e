//! Patches: JSON, merge, strategic merge of built-in kinds, and server-side apply.
use http::{Response, StatusCode};
use serde_json::Value;

use super::{
    Body, Call, Refusal, apply, fields, list,
    route::Target,
    shape::Shape,
    strategic,
    write::{self, body, content_type},
};
use crate::demo::store::{Cause, Options, Verb};

/// A patch that was read.
pub(super) enum Patch {
    Json(json_patch::Patch),
    Merge(Value),
    Strategic(Value),
    Apply(Value),
}

impl Patch {
    pub(super) fn read(call: &Call<'_>, built_in: bool) -> Result<Self, Refusal> {
        match content_type(call).as_str() {
            "application/json-patch+json" => match serde_json::from_slice(&call.body) {
                Ok(patch) => Ok(Self::Json(patch)),
                Err(why) => Err(Refusal::bad_request(format!("error decoding patch: {why}"))),
            },
            "application/merge-patch+json" => Ok(Self::Merge(whole(body(call)?)?)),
            "application/strategic-merge-patch+json" if built_in => Ok(Self::Strategic(whole(body(call)?)?)),
            "application/apply-patch+yaml" => Ok(Self::Apply(body(call)?)),
            _ => {
                let strategic = if built_in { "application/strategic-merge-patch+json, " } else { "" };
                let message = format!(
                    "the body of the request was in an unknown format - accepted media types include: \
                     application/json-patch+json, application/merge-patch+json, {strategic}application/apply-patch+yaml"
                );
                Err(Refusal::new(415, "UnsupportedMediaType", message))
            }
        }
    }

    /// Makes of an object what the patch asks for. An apply is not made here, it needs to know who applies.
    pub(super) fn make(&self, value: &mut Value) -> Result<(), Refusal> {
        match self {
            Self::Json(patch) => json_patch::patch(value, patch).map_err(|_| {
                let message = "the server rejected our request due to an error in our request";
                Refusal::new(422, "Invalid", message)
            }),
            Self::Merge(patch) => {
                json_patch::merge(value, patch);
                Ok(())
            }
            Self::Strategic(patch) => {
                strategic::merge(value, patch, "");
                Ok(())
            }
            Self::Apply(_) => Err(Refusal::bad_request("nothing can be applied here")),
        }
    }
}

/// A patch of an object must be one.
fn whole(patch: Value) -> Result<Value, Refusal> {
    if patch.is_object() { Ok(patch) } else { Err(Refusal::bad_request("the patch is no object")) }
}

pub(super) fn patch(call: &Call<'_>, target: &Target) -> Result<Response<Body>, Refusal> {
    let resource = target.served.resource;
    write::no_status(target)?;
    let shape = Shape::wanted(call)?;
    let patch = match Patch::read(call, resource.built_in)? {
        Patch::Apply(applied) => return apply::apply(call, target, shape, applied),
        patch => patch,
    };
    let options = Options { dry_run: call.query.dry_run()?, revision: None };
    let writer = fields::Writer::updates(call, target);
    let written = call.store.try_modify(resource, target.space(), &target.name, options, |current| {
        let mut new = current.clone();
        patch.make(&mut new)?;
        settle(call, target, current, &mut new)?;
        fields::track(current, &mut new, &writer);
        *current = new;
        Ok(())
    })?;
    Ok(list::one(call, resource, shape, &written, StatusCode::OK))
}

/// What was patched must still be the same object, of the revision that the patch names, and be admitted.
pub(super) fn settle(
    call: &Call<'_>,
    target: &Target,
    before: &Value,
    after: &mut Value,
) -> Result<(), Refusal> {
    let resource = target.served.resource;
    write::check(target, after)?;
    let (wanted, is) = (write::pinned(after)?, write::pinned(before)?);
    if wanted.is_some() && wanted != is {
        return Err(Refusal::outdated(resource, &target.name));
    }
    let uid = &after["metadata"]["uid"];
    if !uid.is_null() && *uid != before["metadata"]["uid"] {
        // Not a conflict, as it is for who replaces: a patch has no precondition but the revision.
        let cause = Cause {
            reason: "FieldValueInvalid",
            field: "metadata.uid".to_owned(),
            message: format!("Invalid value: {uid}: field is immutable"),
        };
        return Err(Refusal::invalid(resource, &target.name, &[cause]));
    }
    write::scope(target, before, after);
    write::review(call, target, Verb::Update, Some(before), after)
}
