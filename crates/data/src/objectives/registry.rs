//! The objectives by name.

use super::cosine::CosineSim;
use super::density_distance::{KsDistance, Wasserstein1d};
use super::error::ObjectiveError;
use super::fc::{ConnectivityObjective, FcCorr, FcRmse, FcTarget};
use super::fcd::{FcdCorr, FcdKs, FcdWasserstein};
use super::objective::Objective;
use super::timeseries::TimeseriesRmse;
use crate::analysis::{AnalysisError, FcdDistribution, Windows};

/// Settings of the objectives that are made by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The windows of functional connectivity dynamics.
    pub windows: Windows,
    /// The way in which the distribution of FCD entries is estimated; densities that are compared directly stand on its
    /// points.
    pub distribution: FcdDistribution,
    /// The kind of target that functional connectivity is compared with.
    pub fc_target: FcTarget,
    /// The least length that a cosine divides by.
    pub epsilon: f64,
}

impl Settings {
    /// Creates settings with windows of `size` samples every `step` samples, and the defaults for all else.
    ///
    /// # Errors
    /// As [`Windows::new`].
    pub fn of_windows(size: usize, step: usize) -> Result<Self, AnalysisError> {
        Ok(Self {
            windows: Windows::new(size, step)?,
            distribution: FcdDistribution::default(),
            fc_target: FcTarget::default(),
            epsilon: 0.0,
        })
    }
}

/// The direction in which an objective becomes better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// A score: the higher, the better; 1 at best.
    Higher,
    /// A loss: the lower, the better; 0 at best.
    Lower,
}

/// An objective that can be asked for by name.
pub struct Entry {
    /// The name.
    pub name: &'static str,
    /// A line of documentation.
    pub doc: &'static str,
    /// The direction in which it becomes better.
    pub better: Better,
    build: fn(&Settings) -> Box<dyn Objective>,
}

impl Entry {
    /// Creates the objective.
    pub fn build(&self, settings: &Settings) -> Box<dyn Objective> {
        (self.build)(settings)
    }
}

/// All objectives.
pub static OBJECTIVES: &[Entry] = &[
    Entry {
        name: "timeseries_rmse",
        doc: "root mean squared difference of the signals",
        better: Better::Lower,
        build: |_| Box::new(TimeseriesRmse),
    },
    Entry {
        name: "fc_corr",
        doc: "correlation of the functional connectivities",
        better: Better::Higher,
        build: |settings| Box::new(FcCorr { target: settings.fc_target }),
    },
    Entry {
        name: "fc_rmse",
        doc: "root mean squared difference of the functional connectivities",
        better: Better::Lower,
        build: |settings| Box::new(FcRmse { target: settings.fc_target }),
    },
    Entry {
        name: "cosine_sim",
        doc: "cosine between the signals",
        better: Better::Higher,
        build: |settings| Box::new(CosineSim { epsilon: settings.epsilon }),
    },
    Entry {
        name: "fcd",
        doc: "correlation of the functional connectivity dynamics",
        better: Better::Higher,
        build: |settings| Box::new(FcdCorr { windows: settings.windows }),
    },
    Entry {
        name: "ks_distance",
        doc: "Kolmogorov-Smirnov distance of densities",
        better: Better::Lower,
        build: |_| Box::new(KsDistance),
    },
    Entry {
        name: "wasserstein_1d",
        doc: "Wasserstein distance of densities",
        better: Better::Lower,
        build: |settings| Box::new(Wasserstein1d { spacing: settings.distribution.spacing() }),
    },
    Entry {
        name: "fcd_ks",
        doc: "Kolmogorov-Smirnov distance of the distributions of functional connectivity dynamics",
        better: Better::Lower,
        build: |settings| {
            Box::new(FcdKs { windows: settings.windows, distribution: settings.distribution.clone() })
        },
    },
    Entry {
        name: "fcd_wasserstein",
        doc: "Wasserstein distance of the distributions of functional connectivity dynamics",
        better: Better::Lower,
        build: |settings| {
            Box::new(FcdWasserstein {
                windows: settings.windows,
                distribution: settings.distribution.clone(),
            })
        },
    },
];

/// Creates the objective of this name.
///
/// # Errors
/// A name that none has.
///
/// ```
/// use brainmass::objectives::{Settings, objective};
/// use ndarray::array;
///
/// let rmse = objective("timeseries_rmse", &Settings::of_windows(30, 5)?)?;
/// assert_eq!(rmse.value(array![[1.0], [2.0]].view(), array![[4.0], [5.0]].view())?, 3.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn objective(name: &str, settings: &Settings) -> Result<Box<dyn Objective>, ObjectiveError> {
    match OBJECTIVES.iter().find(|entry| entry.name == name) {
        Some(entry) => Ok(entry.build(settings)),
        None => {
            let known = OBJECTIVES.iter().map(|entry| entry.name).collect::<Vec<_>>().join(", ");
            Err(ObjectiveError::Unknown { name: name.to_owned(), known })
        }
    }
}

/// Creates the objective of this name, if it is one of functional connectivity; `None` for others.
pub fn connectivity_objective(name: &str, settings: &Settings) -> Option<Box<dyn ConnectivityObjective>> {
    match name {
        "fc_corr" => Some(Box::new(FcCorr { target: settings.fc_target })),
        "fc_rmse" => Some(Box::new(FcRmse { target: settings.fc_target })),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::signal;
    use crate::objectives::Combine;
    use ndarray::{Array2, s};

    /// Two signals of 40 samples and 4 regions, positive so that they are densities as well.
    fn pair() -> (Array2<f64>, Array2<f64>) {
        let both = signal(120, 4) + 3.0;
        (both.slice(s![..40, ..]).to_owned(), both.slice(s![80.., ..]).to_owned())
    }

    fn settings() -> Settings {
        Settings::of_windows(12, 4).unwrap()
    }

    #[track_caller]
    fn assert_gradient_equals_central_differences(name: &str, objective: &dyn Objective) {
        let (prediction, target) = pair();
        let (value, gradient) = objective.value_and_gradient(prediction.view(), target.view()).unwrap();
        assert_eq!(value, objective.value(prediction.view(), target.view()).unwrap(), "{name}");
        let step = 1e-5;
        let differences = Array2::from_shape_fn(prediction.raw_dim(), |index| {
            let at = |by: f64| {
                let mut moved = prediction.clone();
                moved[index] += by;
                objective.value(moved.view(), target.view()).unwrap()
            };
            (at(step) - at(-step)) / (2.0 * step)
        });
        let largest = differences.fold(0.0_f64, |largest, d| largest.max(d.abs()));
        assert!(largest > 0.0, "{name}: the gradient is 0 everywhere");
        let worst = (&gradient - &differences).fold(0.0_f64, |worst, d| worst.max(d.abs()));
        assert!(worst <= 1e-6 * largest, "{name}: {:.1e} of the largest derivative apart", worst / largest);
    }

    #[test]
    fn every_gradient_equals_central_differences() {
        for entry in OBJECTIVES {
            assert_gradient_equals_central_differences(entry.name, &entry.build(&settings()));
        }
    }

    #[test]
    fn the_gradient_goes_through_combinations_and_losses() {
        let combined = Combine::default()
            .with(2.0, TimeseriesRmse)
            .with(0.5, FcCorr::default().as_loss())
            .with(-0.3, Combine::default().with(1.5, CosineSim::default()));
        assert_gradient_equals_central_differences("combine", &combined);
    }

    #[test]
    fn every_gradient_equals_central_differences_for_other_densities_too() {
        let mut settings = settings();
        settings.distribution = FcdDistribution::default()
            .bandwidth(crate::analysis::Bandwidth::Factor(0.4))
            .unwrap()
            .diagonal(3)
            .normalised(false);
        for entry in OBJECTIVES.iter().filter(|entry| entry.name.starts_with("fcd")) {
            assert_gradient_equals_central_differences(entry.name, &entry.build(&settings));
        }
    }

    #[test]
    fn a_signal_is_its_own_best_match() {
        let (x, _) = pair();
        for entry in OBJECTIVES {
            let best = if entry.better == Better::Higher { 1.0 } else { 0.0 };
            let value = entry.build(&settings()).value(x.view(), x.view()).unwrap();
            assert!((value - best).abs() < 1e-12, "{}: {value}", entry.name);
        }
    }

    #[test]
    fn every_objective_refuses_nan_and_other_regions() {
        let (x, y) = pair();
        let mut broken = x.clone();
        broken[[3, 2]] = f64::NAN;
        for entry in OBJECTIVES {
            let objective = entry.build(&settings());
            let error = objective.value(broken.view(), y.view()).unwrap_err();
            assert!(matches!(error, ObjectiveError::Prediction(_)), "{}: {error}", entry.name);
            let error = objective.value(x.view(), broken.view()).unwrap_err();
            assert!(matches!(error, ObjectiveError::Target(_)), "{}: {error}", entry.name);
            let error = objective.value(x.view(), y.slice(s![.., ..3])).unwrap_err();
            let expected = ObjectiveError::Mismatch { what: "regions", prediction: 4, target: 3 };
            assert_eq!(error, expected, "{}", entry.name);
        }
    }

    #[test]
    fn objectives_of_connectivity_take_it_as_they_compute_it() {
        let (x, y) = pair();
        let fc = crate::analysis::functional_connectivity(x.view()).unwrap();
        for entry in OBJECTIVES.iter().filter(|entry| entry.name.starts_with("fc_")) {
            let objective = connectivity_objective(entry.name, &settings()).unwrap();
            let (value, gradient) = objective.of_connectivity(fc.view(), y.view()).unwrap();
            assert_eq!(value, entry.build(&settings()).value(x.view(), y.view()).unwrap(), "{}", entry.name);
            let step = 1e-6;
            for place in [(0, 1), (1, 3), (2, 3)] {
                let at = |by: f64| {
                    let mut moved = fc.clone();
                    moved[place] += by;
                    objective.of_connectivity(moved.view(), y.view()).unwrap().0
                };
                let difference = (at(step) - at(-step)) / (2.0 * step);
                assert!((gradient[place] - difference).abs() < 1e-8, "{}", entry.name);
            }
        }
        assert!(connectivity_objective("fcd_ks", &settings()).is_none());
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_names_there_are() {
        let error = objective("fc_cor", &settings()).err().unwrap();
        assert!(
            error
                .to_string()
                .starts_with("there is no objective `fc_cor`; there are timeseries_rmse, fc_corr")
        );
    }
}
