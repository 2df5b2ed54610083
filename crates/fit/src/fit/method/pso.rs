//! Particle swarms, by the crate `argmin`.

use std::borrow::Borrow;
use std::cell::RefCell;

use argmin::core::{CostFunction, PopulationState, Problem, Solver, State as _};
use argmin::solver::particleswarm::{Particle, ParticleSwarm as Swarm};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use super::draws::Draws;
use super::{Search, Step, need};
use crate::fit::error::FitError;
use crate::fit::evaluator::Evaluator;

/// Kennedy & Eberhart 1995, with the constants of the standard swarm of 2011 (Zambrano-Bigiarini et al. 2013): particles are drawn to the
/// best places that they and the swarm have seen. The first particle begins at the first values, at rest.
#[derive(Debug, Clone, PartialEq)]
pub struct ParticleSwarm {
    particles: usize,
    inertia: f64,
    cognitive: f64,
    social: f64,
}

impl Default for ParticleSwarm {
    fn default() -> Self {
        let attraction = 0.5 + std::f64::consts::LN_2;
        Self {
            particles: 40,
            inertia: 0.5 / std::f64::consts::LN_2,
            cognitive: attraction,
            social: attraction,
        }
    }
}

impl ParticleSwarm {
    /// How many particles there are; 40 if not given.
    pub fn particles(mut self, particles: usize) -> Self {
        self.particles = particles;
        self
    }

    /// The share of its velocity that a particle keeps; 1/(2 ln 2) if not given.
    pub fn inertia(mut self, inertia: f64) -> Self {
        self.inertia = inertia;
        self
    }

    /// How strongly a particle is drawn to the best place that it has seen, and to the best of all; 1/2 + ln 2 if not given.
    pub fn attraction(mut self, cognitive: f64, social: f64) -> Self {
        (self.cognitive, self.social) = (cognitive, social);
        self
    }

    pub(super) fn check(&self) -> Result<(), FitError> {
        need(self.particles > 1, "the number of particles", self.particles, "at least 2 are needed")?;
        for (what, value) in [
            ("the inertia", self.inertia),
            ("the cognitive factor", self.cognitive),
            ("the social factor", self.social),
        ] {
            need(value >= 0.0 && value.is_finite(), what, value, "it is finite and not negative")?;
        }
        Ok(())
    }

    pub(super) fn search(&self, from: Vec<f64>, seed: u64, start: u32) -> Box<dyn Search> {
        let bounds = (vec![0.0; from.len()], vec![1.0; from.len()]);
        let swarm = Swarm::<_, f64, _>::new(bounds, self.particles)
            .with_rng_generator(Random::seed_from_u64(seed.wrapping_add(u64::from(start) << 32)))
            .with_inertia_factor(self.inertia)
            .and_then(|swarm| swarm.with_cognitive_factor(self.cognitive))
            .and_then(|swarm| swarm.with_social_factor(self.social));
        let draws = Draws::new(seed, start);
        Box::new(Flying {
            particles: self.particles,
            swarm: swarm.map_err(|error| error.to_string()),
            from,
            draws,
            state: None,
        })
    }
}

type Random = Xoshiro256PlusPlus;
type State = PopulationState<Particle<Vec<f64>, f64>, f64>;

struct Flying {
    particles: usize,
    swarm: Result<Swarm<Vec<f64>, f64, Random>, String>,
    from: Vec<f64>,
    draws: Draws,
    state: Option<State>,
}

/// The loss as `argmin` wants it, of all particles at once.
struct Cost<'c, 'e>(RefCell<&'c mut Evaluator<'e>>);

impl CostFunction for Cost<'_, '_> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, x: &Vec<f64>) -> Result<f64, argmin::core::Error> {
        Ok(self.0.borrow_mut().value(x))
    }

    fn bulk_cost<P: Borrow<Vec<f64>>>(&self, particles: &[P]) -> Result<Vec<f64>, argmin::core::Error> {
        let candidates: Vec<Vec<f64>> = particles.iter().map(|x| x.borrow().clone()).collect();
        Ok(self.0.borrow_mut().values(&candidates))
    }
}

impl Search for Flying {
    fn step(&mut self, evaluator: &mut Evaluator) -> Step {
        let swarm = match &mut self.swarm {
            Ok(swarm) => swarm,
            Err(problem) => return Step::last(f64::INFINITY, problem.clone()),
        };
        let outcome = match self.state.take() {
            None => {
                let population = population(&self.from, self.particles, &self.draws, evaluator);
                let mut problem = Problem::new(Cost(RefCell::new(evaluator)));
                swarm.init(&mut problem, State::new().population(population))
            }
            Some(state) => swarm.next_iter(&mut Problem::new(Cost(RefCell::new(evaluator))), state),
        };
        match outcome {
            Ok((state, _)) => {
                let best = state.get_population().into_iter().flatten().map(|particle| particle.cost);
                let loss = best.fold(f64::INFINITY, f64::min);
                self.state = Some(state);
                Step::at(loss)
            }
            Err(error) => Step::last(f64::INFINITY, error.to_string()),
        }
    }
}

/// The first particles: one at the first values, at rest, the others anywhere.
fn population(
    from: &[f64],
    particles: usize,
    draws: &Draws,
    evaluator: &mut Evaluator,
) -> Vec<Particle<Vec<f64>, f64>> {
    let dimension = from.len();
    let mut positions = vec![from.to_vec()];
    let mut velocities = vec![vec![0.0; dimension]];
    for particle in 1..particles {
        positions.push(draws.uniform(0, particle, dimension));
        velocities.push(draws.uniform(1, particle, dimension).into_iter().map(|t| 2.0 * t - 1.0).collect());
    }
    let losses = evaluator.values(&positions);
    let each = positions.into_iter().zip(losses).zip(velocities);
    each.map(|((position, loss), velocity)| Particle::new(position, loss, velocity)).collect()
}
