//! Particle swarms, by the crate `argmin`.

use argmin::core::{PopulationState, Problem, Solver, State as _};
use argmin::solver::particleswarm::{Particle, ParticleSwarm as Swarm};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use super::argmin_cost::LossAsCost;
use super::draws::{CandidateDraws, MOST_CANDIDATES};
use super::search::{Search, SearchStart, SearchStep};
use super::setting::{MethodSetting, setting};
use crate::fit::evaluator::Evaluator;
use crate::optimiser::{InvalidSetting, need};

/// A particle swarm: Kennedy & Eberhart 1995, with the constants of the standard swarm of 2011 (Zambrano-Bigiarini et al. 2013). Particles
/// fly between the bounds and are drawn to the best places that they and the swarm have seen. The first particle begins at the first
/// values, at rest.
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
    pub(super) const SETTINGS: &'static [MethodSetting] = &[
        setting!(ParticleSwarm, "particles", "40", whole, "number of particles", |swarm, value| swarm
            .particles =
            value as usize),
        setting!(
            ParticleSwarm,
            "inertia",
            "1/(2 ln 2)",
            real,
            "share of its velocity that a particle keeps",
            |swarm, value| { swarm.inertia = value }
        ),
        setting!(
            ParticleSwarm,
            "cognitive",
            "1/2 + ln 2",
            real,
            "attraction of the best place that a particle has seen",
            |swarm, value| { swarm.cognitive = value }
        ),
        setting!(
            ParticleSwarm,
            "social",
            "1/2 + ln 2",
            real,
            "attraction of the best place that any particle has seen",
            |swarm, value| { swarm.social = value }
        ),
    ];

    /// Sets the number of particles; 40 if not given.
    pub fn particles(mut self, particles: usize) -> Self {
        self.particles = particles;
        self
    }

    /// Sets the share of its velocity that a particle keeps; 1/(2 ln 2) if not given.
    pub fn inertia(mut self, inertia: f64) -> Self {
        self.inertia = inertia;
        self
    }

    /// Sets how strongly a particle is drawn to the best place that it has seen, and to the best of all; 1/2 + ln 2 if not given.
    pub fn attraction(mut self, cognitive: f64, social: f64) -> Self {
        (self.cognitive, self.social) = (cognitive, social);
        self
    }

    pub(super) fn check(&self) -> Result<(), InvalidSetting> {
        let particles = self.particles;
        let allowed = (2..=MOST_CANDIDATES).contains(&particles);
        let range = format!("2 to {MOST_CANDIDATES} are allowed");
        need(allowed, "the number of particles", particles, range)?;
        for (what, value) in [
            ("the inertia", self.inertia),
            ("the cognitive factor", self.cognitive),
            ("the social factor", self.social),
        ] {
            need(value >= 0.0 && value.is_finite(), what, value, "it is finite and not negative")?;
        }
        Ok(())
    }

    pub(super) fn memory_of(&self, n: f64) -> f64 {
        // For each particle its place, its velocity and its best place, in two generations.
        6.0 * self.particles as f64 * n
    }

    pub(super) fn search(&self, start: SearchStart) -> Box<dyn Search> {
        let SearchStart { from, seed, start, .. } = start;
        let bounds = (vec![0.0; from.len()], vec![1.0; from.len()]);
        let random = Xoshiro256PlusPlus::seed_from_u64(seed.wrapping_add(u64::from(start) << 32));
        let swarm = Swarm::<_, f64, _>::new(bounds, self.particles)
            .with_rng_generator(random)
            .with_inertia_factor(self.inertia)
            .and_then(|swarm| swarm.with_cognitive_factor(self.cognitive))
            .and_then(|swarm| swarm.with_social_factor(self.social));
        Box::new(SwarmSearch {
            particles: self.particles,
            swarm: swarm.map_err(|error| error.to_string()),
            draws: CandidateDraws::new(seed, start),
            from,
            state: None,
        })
    }
}

type SwarmState = PopulationState<Particle<Vec<f64>, f64>, f64>;

struct SwarmSearch {
    particles: usize,
    swarm: Result<Swarm<Vec<f64>, f64, Xoshiro256PlusPlus>, String>,
    from: Vec<f64>,
    draws: CandidateDraws,
    /// The state of `argmin`; `None` before the first iteration.
    state: Option<SwarmState>,
}

impl Search for SwarmSearch {
    fn iterate(&mut self, evaluator: &mut Evaluator) -> SearchStep {
        let swarm = match &mut self.swarm {
            Ok(swarm) => swarm,
            Err(problem) => return SearchStep::last(f64::INFINITY, problem.clone()),
        };
        let outcome = match self.state.take() {
            None => {
                let particles = first_particles(&self.from, self.particles, &self.draws, evaluator);
                let mut problem = Problem::new(LossAsCost::new(evaluator));
                swarm.init(&mut problem, SwarmState::new().population(particles))
            }
            Some(state) => swarm.next_iter(&mut Problem::new(LossAsCost::new(evaluator)), state),
        };
        match outcome {
            Ok((state, _)) => {
                let losses = state.get_population().into_iter().flatten().map(|particle| particle.cost);
                let loss = losses.fold(f64::INFINITY, f64::min);
                self.state = Some(state);
                SearchStep::at(loss)
            }
            Err(error) => SearchStep::last(f64::INFINITY, error.to_string()),
        }
    }
}

/// Places the first particle at the first values, at rest, and the others anywhere with any velocity.
fn first_particles(
    from: &[f64],
    particles: usize,
    draws: &CandidateDraws,
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
    let all = positions.into_iter().zip(losses).zip(velocities);
    all.map(|((position, loss), velocity)| Particle::new(position, loss, velocity)).collect()
}
