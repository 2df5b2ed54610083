//! Model files to start from.

use brainmass_spec::collection::compile_one;
use brainmass_spec::problem::Report;

const TEMPLATE: &str = include_str!("new_model.yaml");

/// The name that the model has in the template.
const TEMPLATE_NAME: &str = "MyModelStep";

/// A model file to start from, which runs as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewModel {
    /// A name for the file: `my_model.yaml` for the model `MyModelStep`.
    pub file: String,
    /// The text of the file, commented.
    pub text: String,
}

/// Makes a commented model file to start from.
///
/// ```
/// let new = brainmass::loading::new_model("WavesStep")?;
/// assert_eq!(new.file, "waves.yaml");
/// assert!(new.text.contains("name: WavesStep"));
/// # Ok::<(), brainmass_spec::Report>(())
/// ```
///
/// # Errors
///
/// No model can have this name; the report says why.
pub fn new_model(name: &str) -> Result<NewModel, Report> {
    // Quoted, unless it is a plain word, so that no name can say more than a name.
    let is_plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let written = if is_plain { name.to_owned() } else { serde_json::Value::from(name).to_string() };
    let text = TEMPLATE.replacen(TEMPLATE_NAME, &written, 1);
    compile_one("the new file", &text)?;
    Ok(NewModel { file: file_name(name), text })
}

/// Writes `HopfStep` as `hopf.yaml`.
pub(super) fn file_name(name: &str) -> String {
    let stem = name.strip_suffix("Step").filter(|stem| !stem.is_empty()).unwrap_or(name);
    let mut file = String::new();
    for (index, letter) in stem.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            file.push('_');
        }
        file.push(letter.to_ascii_lowercase());
    }
    file + ".yaml"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_runs_under_any_name_that_a_model_can_have() {
        for (name, file) in [("MyModelStep", "my_model.yaml"), ("Wave2dStep", "wave2d.yaml"), ("X", "x.yaml")]
        {
            let new = new_model(name).unwrap();
            assert_eq!(new.file, file);
            assert_eq!(compile_one("t.yaml", &new.text).map(|model| model.name), Ok(name.to_owned()));
            assert_eq!(new.text, TEMPLATE.replace(TEMPLATE_NAME, name));
        }
    }

    #[test]
    fn what_is_no_name_is_refused_and_reaches_no_other_key() {
        for name in ["", "my_model", "A b", "A\ntitle: B", "'A'", "A: {", "../A", "A # b"] {
            let error = new_model(name).expect_err(name).to_string();
            assert_eq!(error.matches("error:").count(), 1, "{error}");
        }
    }
}
