//! Conduction delays.

use ndarray::Array2;

use super::contents::Connectome;
use super::error::ConnectomeError;

impl Connectome {
    /// Returns how long a signal takes from source to target, in ms, `[target][source]`, of shape `(n, n)`.
    ///
    /// `speed` is that of conduction, in mm/ms (which is m/s); delay = length / speed. A run rounds a delay up to whole
    /// steps, see [`Steps::covering`](crate::steps::Steps::covering).
    ///
    /// # Errors
    /// Where the tract lengths are not known, or the speed is not positive and finite.
    pub fn delays(&self, speed: f64) -> Result<Array2<f64>, ConnectomeError> {
        check_positive("conduction speed in mm/ms", speed)?;
        let lengths = self.tract_lengths().ok_or(ConnectomeError::Unknown { what: "tract lengths" })?;
        Ok(lengths / speed)
    }
}

fn check_positive(name: &'static str, value: f64) -> Result<(), ConnectomeError> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(ConnectomeError::Argument { name, value, expected: "positive and finite" })
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use serde_json::Value;

    use super::*;

    fn pair() -> Connectome {
        Connectome::new(array![[0.0, 1.0], [1.0, 0.0]]).unwrap()
    }

    #[test]
    fn delay_is_length_over_speed_in_the_direction_of_the_signal() {
        let connectome = pair().with_tract_lengths(array![[0.0, 30.0], [12.0, 0.0]]).unwrap();
        assert_eq!(connectome.delays(3.0).unwrap(), array![[0.0, 10.0], [4.0, 0.0]]);
    }

    #[test]
    fn a_speed_that_is_none_is_refused() {
        let connectome = pair().with_tract_lengths(Array2::zeros((2, 2))).unwrap();
        for speed in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let error = connectome.delays(speed).unwrap_err();
            let expected =
                format!("the conduction speed in mm/ms is {speed}; it must be positive and finite");
            assert_eq!(error.to_string(), expected);
        }
        let error = pair().delays(1.0).unwrap_err();
        assert_eq!(error.to_string(), "the tract lengths of this connectome are not known");
    }

    #[test]
    fn steps_are_those_of_the_reference_networks() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/network_HopfStep.json");
        let Ok(text) = std::fs::read_to_string(path) else {
            println!("skipped: {path} is not there");
            return;
        };
        let matrix = |value: &Value| -> Option<Array2<f64>> {
            let rows: Vec<Vec<f64>> = serde_json::from_value(value.clone()).ok()?;
            Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).ok()
        };
        let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
        let mut compared = 0;
        for case in &cases {
            let network = &case["network"];
            let (Some(lengths), Some(speed)) =
                (matrix(&network["distance"]["value"]), network["speed"]["value"].as_f64())
            else {
                continue;
            };
            let expected = matrix(&network["delay_steps"]).unwrap();
            let connectome = Connectome::new(lengths.clone()).unwrap().with_tract_lengths(lengths).unwrap();
            let mut delays = connectome.delays(speed).unwrap();
            delays.diag_mut().fill(0.0);
            let dt = case["dt_ms"].as_f64().unwrap();
            let steps = delays.mapv(|delay| crate::steps::count(delay, dt).unwrap().covering() as f64);
            assert_eq!(steps, expected, "{}", case["id"]);
            compared += 1;
        }
        assert!(compared > 0, "no case with delays");
    }
}
