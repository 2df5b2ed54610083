//! Conduction delays.

use ndarray::Array2;

use super::{Connectome, ConnectomeError};

impl Connectome {
    /// How long a signal takes from source to target, in ms, `[target][source]`, of shape `(n, n)`.
    ///
    /// `speed` is that of conduction, in mm/ms (which is m/s); delay = length / speed.
    ///
    /// # Errors
    /// Where the tract lengths are not known, or the speed is not positive and finite.
    pub fn delays(&self, speed: f64) -> Result<Array2<f64>, ConnectomeError> {
        check_positive("conduction speed in mm/ms", speed)?;
        let lengths = self.tract_lengths().ok_or(ConnectomeError::Unknown { what: "tract lengths" })?;
        Ok(lengths / speed)
    }
}

/// Delays in whole time steps: `ceil(delay / dt)`, the quotient rounded to the nearest `f64` before the ceiling is taken.
///
/// A delay that is not a multiple of the step is rounded up; there is no interpolation. So is one that is a multiple in
/// decimals but not in binary: 0.07 ms in steps of 0.01 ms are 8 steps, since 0.07 / 0.01 is 7.000000000000001.
///
/// # Errors
/// Where the time step is not positive and finite, a delay is negative or not finite, or has more than 2^32 - 1 steps.
pub fn delay_steps(delays_ms: &Array2<f64>, dt_ms: f64) -> Result<Array2<usize>, ConnectomeError> {
    check_positive("time step in ms", dt_ms)?;
    let mut steps = Array2::zeros(delays_ms.dim());
    for (count, &delay_ms) in steps.iter_mut().zip(delays_ms) {
        if !(delay_ms >= 0.0 && delay_ms.is_finite()) {
            let expected = "finite and not negative";
            return Err(ConnectomeError::Argument { name: "delay in ms", value: delay_ms, expected });
        }
        let quotient = (delay_ms / dt_ms).ceil();
        if quotient > f64::from(u32::MAX) {
            return Err(ConnectomeError::TooManySteps { delay_ms, dt_ms });
        }
        *count = quotient as usize;
    }
    Ok(steps)
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
    fn steps_are_rounded_up() {
        let delays = array![[0.0, 1e-9, 1.0], [0.95, 1.05, 1.1]];
        assert_eq!(delay_steps(&delays, 0.1).unwrap(), array![[0, 1, 10], [10, 11, 11]]);
        assert_eq!(delay_steps(&array![[0.07]], 0.01).unwrap(), array![[8]]);
    }

    #[test]
    fn delays_and_steps_that_make_no_sense_are_refused() {
        for dt in [0.0, -0.1, f64::NAN] {
            assert!(delay_steps(&array![[1.0]], dt).is_err(), "{dt}");
        }
        for delay in [-1.0, f64::NAN, f64::INFINITY, 1e10] {
            assert!(delay_steps(&array![[delay]], 0.1).is_err(), "{delay}");
        }
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
            let steps = delay_steps(&delays, case["dt_ms"].as_f64().unwrap()).unwrap();
            assert_eq!(steps.mapv(|count| count as f64), expected, "{}", case["id"]);
            compared += 1;
        }
        assert!(compared > 0, "no case with delays");
    }
}
