//! Variants: a document laid over the one that it extends, entry by entry.

use crate::document::{Document, Named};
use crate::problem::{Problem, Problems, suggestion};

/// The document that `variant` stands for: what it says itself, and everything else from `base`.
pub fn merge(base: &Document, variant: &Document, problems: &mut Problems) -> Document {
    for name in &variant.remove {
        if !entry_names(base).contains(&name.value.as_str()) {
            let hint = suggestion(&name.value, "entries of the base", entry_names(base));
            let message = format!("`{}` is not an entry of {}", name.value, base.name.value);
            problems.push(Problem::new(&name.span, message).label(hint));
        }
    }
    let v = variant;
    let removed: Vec<&str> = v.remove.iter().map(|name| name.value.as_str()).collect();
    Document {
        states: overlay(&base.states, &v.states, &removed),
        parameters: overlay(&base.parameters, &v.parameters, &removed),
        inputs: overlay(&base.inputs, &v.inputs, &removed),
        functions: overlay(&base.functions, &v.functions, &removed),
        lets: overlay(&base.lets, &v.lets, &removed),
        derivatives: overlay(&base.derivatives, &v.derivatives, &removed),
        observables: overlay(&base.observables, &v.observables, &removed),
        presets: overlay(&base.presets, &v.presets, &removed),
        title: v.title.clone().or_else(|| base.title.clone()),
        category: v.category.clone().or_else(|| base.category.clone()),
        use_case: v.use_case.clone().or_else(|| base.use_case.clone()),
        description: v.description.clone().or_else(|| base.description.clone()),
        references: if v.references.is_empty() { base.references.clone() } else { v.references.clone() },
        time_unit: v.time_unit.clone().or_else(|| base.time_unit.clone()),
        output: v.output.clone().or_else(|| base.output.clone()),
        couples_from: v.couples_from.clone().or_else(|| base.couples_from.clone()),
        couples_to: v.couples_to.clone().or_else(|| base.couples_to.clone()),
        scheme: v.scheme.clone().or_else(|| base.scheme.clone()),
        dt: v.dt.clone().or_else(|| base.dt.clone()),
        coupling: v.coupling.clone().or_else(|| base.coupling.clone()),
        pre: v.pre.clone().or_else(|| base.pre.clone()),
        post: v.post.clone().or_else(|| base.post.clone()),
        weights: v.weights.clone().or_else(|| base.weights.clone()),
        input: v.input.clone().or_else(|| base.input.clone()),
        ..v.clone()
    }
}

/// The base's entries in their order, each replaced where the variant has one of that name; then the new ones.
fn overlay<T: Clone>(base: &[Named<T>], variant: &[Named<T>], removed: &[&str]) -> Vec<Named<T>> {
    let mut own = variant.to_vec();
    let mut merged = Vec::new();
    for entry in base.iter().filter(|entry| !removed.contains(&entry.name.value.as_str())) {
        match own.iter().position(|mine| mine.name.value == entry.name.value) {
            Some(index) => merged.push(own.remove(index)),
            None => merged.push(entry.clone()),
        }
    }
    merged.extend(own);
    merged
}

fn entry_names(document: &Document) -> Vec<&str> {
    fn names<T>(entries: &[Named<T>]) -> impl Iterator<Item = &str> {
        entries.iter().map(|entry| entry.name.value.as_str())
    }
    names(&document.states)
        .chain(names(&document.parameters))
        .chain(names(&document.inputs))
        .chain(names(&document.functions))
        .chain(names(&document.lets))
        .chain(names(&document.observables))
        .chain(names(&document.presets))
        .collect()
}
