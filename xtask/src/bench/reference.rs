//! Plain kernels to compare with: the equations written straight, one node after the other, with the system's mathematics library.
//!
//! They do what the library's runs do, recording included, and nothing else: no checks, no units, no choice.

use super::connections::Dense;

/// A Hopf node: its two rates, and the two entries of the Jacobian's diagonal.
fn hopf(x: f64, y: f64, input: f64) -> ([f64; 2], [f64; 2]) {
    let (a, w, beta) = (0.25, 0.2, 1.0);
    let r = x * x + y * y;
    let growth = a - beta * r;
    (
        [growth * x - w * y + input, growth * y + w * x],
        [growth - 2.0 * beta * x * x, growth - 2.0 * beta * y * y],
    )
}

/// `x + dt (e^z - 1)/z f` with `z = dt J`.
fn exponential(x: f64, dt: f64, rate: f64, slope: f64) -> f64 {
    let z = dt * slope;
    let growth = if z.abs() < 1e-12 { 1.0 } else { z.exp_m1() / z };
    x + dt * growth * rate
}

/// Uncoupled Hopf nodes; `x` every tenth step.
pub fn hopf_alone(nodes: usize, steps: usize, dt: f64, exponential_euler: bool) -> Vec<f64> {
    let mut x: Vec<f64> = (0..nodes).map(super::connections::initial).collect();
    let mut y = vec![0.0; nodes];
    let mut rows = Vec::with_capacity(steps / 10 * nodes);
    for step in 1..=steps {
        for (x, y) in x.iter_mut().zip(&mut y) {
            let ([fx, fy], [jx, jy]) = hopf(*x, *y, 0.0);
            if exponential_euler {
                (*x, *y) = (exponential(*x, dt, fx, jx), exponential(*y, dt, fy, jy));
            } else {
                (*x, *y) = (*x + dt * fx, *y + dt * fy);
            }
        }
        if step % 10 == 0 {
            rows.extend_from_slice(&x);
        }
    }
    rows
}

/// The rates of a Jansen-Rit column, per ms.
fn jansen_rit(s: [f64; 6], input: f64) -> [f64; 6] {
    let (ae, ai, be, bi, c) = (3.25, 22.0, 100.0, 50.0, 135.0);
    let rate = |v: f64| 5.0 / (1.0 + (0.56 * (6.0 - v)).exp());
    let [m, e, i, mv, ev, iv] = s;
    [
        0.001 * mv,
        0.001 * ev,
        0.001 * iv,
        0.001 * (ae * be * rate(e - i) - 2.0 * be * mv - be * be * m),
        0.001 * (ae * be * (input + c * 0.8 * rate(c * m)) - 2.0 * be * ev - be * be * e),
        0.001 * (ai * bi * c * 0.25 * rate(c * 0.25 * m) - 2.0 * bi * iv - bi * bi * i),
    ]
}

fn jansen_rit_step(s: &mut [f64; 6], input: f64, dt: f64, exponential_euler: bool) {
    let f = jansen_rit(*s, input);
    let slopes = [0.0, 0.0, 0.0, -0.2, -0.2, -0.1];
    for i in 0..6 {
        s[i] = if exponential_euler { exponential(s[i], dt, f[i], slopes[i]) } else { s[i] + dt * f[i] };
    }
}

fn jansen_rit_start(node: usize) -> [f64; 6] {
    [0.05 + 0.1 * super::connections::initial(node), 15.0, 10.0, 0.0, 0.0, 0.0]
}

/// Uncoupled Jansen-Rit nodes; the EEG every tenth step.
pub fn jansen_rit_alone(nodes: usize, steps: usize, dt: f64, exponential_euler: bool) -> Vec<f64> {
    let mut states: Vec<[f64; 6]> = (0..nodes).map(jansen_rit_start).collect();
    let mut rows = Vec::with_capacity(steps / 10 * nodes);
    for step in 1..=steps {
        states.iter_mut().for_each(|state| jansen_rit_step(state, 120.0, dt, exponential_euler));
        if step % 10 == 0 {
            rows.extend(states.iter().map(|state| state[1] - state[2]));
        }
    }
    rows
}

/// The past of some sources: one row of nodes a step, as many rows as the longest delay needs.
struct Ring {
    rows: Vec<f64>,
    length: usize,
    nodes: usize,
}

impl Ring {
    fn new(initial: &[f64], longest: usize) -> Self {
        Self { rows: initial.repeat(longest + 1), length: longest + 1, nodes: initial.len() }
    }

    fn write(&mut self, step: usize, values: impl Iterator<Item = f64>) {
        let row = step % self.length;
        self.rows[row * self.nodes..][..self.nodes]
            .iter_mut()
            .zip(values)
            .for_each(|(to, value)| *to = value);
    }

    /// Returns the value that `source` held `delay` steps before `step`.
    fn read(&self, step: usize, delay: usize, source: usize) -> f64 {
        self.rows[(step + self.length - delay) % self.length * self.nodes + source]
    }
}

/// Jansen-Rit nodes with dense delayed coupling of the EEG, or of the rate that it causes; the EEG in every step.
pub fn jansen_rit_network(dense: &Dense, steps: usize, dt: f64, k: f64, sigmoidal: bool) -> Vec<f64> {
    let nodes = dense.nodes;
    let mut states: Vec<[f64; 6]> = (0..nodes).map(jansen_rit_start).collect();
    let eeg: Vec<f64> = states.iter().map(|state| state[1] - state[2]).collect();
    let mut past = Ring::new(&eeg, dense.longest());
    let mut rows = Vec::with_capacity(steps * nodes);
    for step in 0..steps {
        past.write(step, states.iter().map(|state| state[1] - state[2]));
        for (target, state) in states.iter_mut().enumerate() {
            let mut sum = 0.0;
            for source in (0..nodes).filter(|source| *source != target) {
                let sent = past.read(step, dense.delay(target, source), source);
                let term = if sigmoidal { 0.005 / (1.0 + (0.56 * (6.0 - sent)).exp()) } else { sent };
                sum += dense.weight(target, source) * term;
            }
            jansen_rit_step(state, 120.0 + k * sum, dt, true);
        }
        rows.extend(states.iter().map(|state| state[1] - state[2]));
    }
    rows
}

/// Hopf nodes with dense delayed diffusive coupling; `x` in every tenth step.
pub fn hopf_network(dense: &Dense, steps: usize, dt: f64, k: f64) -> Vec<f64> {
    let nodes = dense.nodes;
    let mut x: Vec<f64> = (0..nodes).map(super::connections::initial).collect();
    let mut y = vec![0.0; nodes];
    let mut past = Ring::new(&x, dense.longest());
    let mut rows = Vec::with_capacity(steps / 10 * nodes);
    for step in 0..steps {
        past.write(step, x.iter().copied());
        for target in 0..nodes {
            let mut sum = 0.0;
            for source in (0..nodes).filter(|source| *source != target) {
                let sent = past.read(step, dense.delay(target, source), source);
                sum += dense.weight(target, source) * (sent - x[target]);
            }
            let ([fx, fy], _) = hopf(x[target], y[target], k * sum);
            (x[target], y[target]) = (x[target] + dt * fx, y[target] + dt * fy);
        }
        if (step + 1) % 10 == 0 {
            rows.extend_from_slice(&x);
        }
    }
    rows
}

/// Normal deviates: xorshift, and the transform of Box and Muller.
struct Normals {
    state: u64,
    spare: Option<f64>,
}

impl Normals {
    fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, spare: None }
    }

    fn uniform(&mut self) -> f64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        ((self.state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn next(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        let (sine, cosine) = (std::f64::consts::TAU * self.uniform()).sin_cos();
        self.spare = Some(radius * sine);
        radius * cosine
    }
}

/// Reduced Wong-Wang nodes (excitatory and inhibitory gating), dense coupling without delay, noise on both states, and the Balloon-Windkessel
/// model of each node, driven by the mean gating of ten steps; the BOLD signal once in 2000 steps.
pub fn wong_wang_bold(dense: &Dense, steps: usize, dt: f64, sigma: f64) -> Vec<f64> {
    let nodes = dense.nodes;
    let mut gating = vec![[0.001, 0.001]; nodes];
    let mut balloons = vec![[0.0, 1.0, 1.0, 1.0]; nodes];
    let mut normals = Normals::new(1);
    let mut rows = Vec::new();
    let rate = |x: f64, a: f64, b: f64, d: f64| {
        let u = a * x - b;
        u / (1.0 - (-d * u).exp())
    };
    let (mut sums, mut means) = (vec![0.0; nodes], vec![0.0; nodes]);
    for step in 1..=steps {
        for (target, sum) in sums.iter_mut().enumerate() {
            *sum = (0..nodes)
                .filter(|source| *source != target)
                .map(|source| dense.weight(target, source) * gating[source][0])
                .sum();
        }
        for ((gating, mean), sum) in gating.iter_mut().zip(&mut means).zip(&sums) {
            let [e, i] = *gating;
            let current_e = 1.4 * 0.15 * e - i + 0.382 + 2.0 * 0.15 * sum;
            let current_i = 0.15 * e - i + 0.7 * 0.382;
            let (rate_e, rate_i) =
                (rate(current_e, 310.0, 125.0, 0.16), rate(current_i, 615.0, 177.0, 0.087));
            let noise = sigma * dt.sqrt();
            gating[0] = e + dt * (-e / 100.0 + (1.0 - e) * 0.000_641 * rate_e) + noise * normals.next();
            gating[1] = i + dt * (-i / 10.0 + 0.001 * rate_i) + noise * normals.next();
            *mean += 0.1 * gating[0];
        }
        if step % 10 == 0 {
            balloons.iter_mut().zip(&mut means).for_each(|(balloon, mean)| inflate(balloon, mean, 10.0 * dt));
        }
        if step % 2000 == 0 {
            rows.extend(balloons.iter().map(|[_, _, v, q]| {
                0.02 * (7.0 * 0.34 * (1.0 - q) + 2.0 * (1.0 - q / v) + (2.0 * 0.34 - 0.2) * (1.0 - v))
            }));
        }
    }
    rows
}

/// A step of the Balloon-Windkessel model; the drive is used up.
fn inflate(balloon: &mut [f64; 4], drive: &mut f64, dt: f64) {
    let [s, f, v, q] = *balloon;
    let outflow = v.powf(1.0 / 0.32);
    let extraction = (1.0 - (1.0_f64 - 0.34).powf(1.0 / f)) / 0.34;
    balloon[0] = s + 0.001 * dt * (std::mem::take(drive) - 0.65 * s - 0.41 * (f - 1.0));
    balloon[1] = f + 0.001 * dt * s;
    balloon[2] = v + 0.001 * dt * (f - outflow) / 0.98;
    balloon[3] = q + 0.001 * dt * (f * extraction - outflow * q / v) / 0.98;
}

/// One Montbrio-Pazo-Roxin network after the other, with dense delayed coupling of the rate and noise on both states; the mean rates.
pub fn montbrio(dense: &Dense, couplings: &[f64], steps: usize, dt: f64, sigma: f64) -> Vec<f64> {
    let nodes = dense.nodes;
    let pi = std::f64::consts::PI;
    let one = |k: f64| {
        let mut states = vec![[0.1, -2.0]; nodes];
        let mut past = Ring::new(&vec![0.1; nodes], dense.longest());
        let mut normals = Normals::new(1);
        let mut total = vec![0.0; nodes];
        for step in 0..steps {
            past.write(step, states.iter().map(|state| state[0]));
            for (target, state) in states.iter_mut().enumerate() {
                let mut sum = 0.0;
                for source in (0..nodes).filter(|source| *source != target) {
                    let sent = past.read(step, dense.delay(target, source), source);
                    sum += dense.weight(target, source) * sent;
                }
                let [r, v] = *state;
                let (fr, fv) = (0.7 / pi + 2.0 * r * v, v * v - 4.6 + k * sum + 14.5 * r - (pi * r).powi(2));
                let noise = sigma * dt.sqrt();
                *state = [r + dt * fr + noise * normals.next(), v + dt * fv + noise * normals.next()];
                total[target] += state[0];
            }
        }
        total.into_iter().map(move |total| total / steps as f64)
    };
    couplings.iter().flat_map(|k| one(*k)).collect()
}
