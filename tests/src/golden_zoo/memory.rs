//! Values that a package keeps between calls of its equations are compared as states.

use serde_json::{Value, json};

use super::table::Row;

/// Rewrites a file so that what its model keeps between calls and replaces in each call is a further state of it, which relaxes to the new value within
/// `memory_time`: 1 at single states, and the step of a run, with which Euler's scheme replaces it. The records of the memory in a run are in the order
/// of the row.
pub fn as_states(mut head: Value, row: &mut Row) -> Value {
    for (place, (ours, theirs)) in row.memory.clone().into_iter().enumerate() {
        push(&mut head["states"], json!({"name": theirs}));
        for case in cases(&mut head, "rhs") {
            let before = case["params"][&theirs].as_f64().unwrap_or(f64::NAN);
            push(&mut case["state"], json!(before));
            for (rates, after) in [("d", "memory_after"), ("corrected", "corrected_memory_after")] {
                let after = case[after][&theirs].as_f64();
                push(&mut case[rates], json!(after.map(|after| after - before)));
            }
            case["params"]["memory_time"] = json!(1.0);
        }
        for case in cases(&mut head, "trajectory") {
            let before = case["params"][&theirs].clone();
            push(&mut case["init"], before);
            // A run with corrected equations has no record of its memory.
            let memory = case["memory"].clone();
            for (step, values) in case["values"].as_array_mut().into_iter().flatten().enumerate() {
                push(values, memory[step][place].clone());
            }
            for values in case["corrected"].as_array_mut().into_iter().flatten() {
                push(values, Value::Null);
            }
            case["params"]["memory_time"] = case["dt"].clone();
        }
        row.states.push((ours, theirs));
    }
    head
}

fn cases<'a>(head: &'a mut Value, kind: &str) -> impl Iterator<Item = &'a mut Value> {
    head[kind].as_array_mut().into_iter().flatten()
}

/// Appends to a list, if it is one.
fn push(list: &mut Value, value: Value) {
    if let Some(list) = list.as_array_mut() {
        list.push(value);
    }
}
