//! The lanes against a high-precision reference, each instruction set of this processor in turn.
//!
//! The tables were made by `reference.py` beside them.

use super::lanes::Lanes;
use super::*;
use crate::real::registers::VectorJob;

const SETS: [&str; 5] = ["avx512", "avx2", "avx2-unfused", "plain", "portable"];

fn sets() -> Vec<Simd> {
    SETS.iter().filter_map(|name| Simd::named(name).ok()).collect()
}

/// Applies the function of a table to every pair of arguments, `stride` of them at a time.
struct Apply<'a> {
    name: &'a str,
    arguments: &'a [[f64; 2]],
    stride: usize,
}

impl LaneJob for Apply<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run<R: Lane>(self) -> Vec<f64> {
        let mut results = vec![0.0; self.arguments.len()];
        let stride = self.stride.min(R::WIDTH);
        for (arguments, results) in self.arguments.chunks(stride).zip(results.chunks_mut(stride)) {
            let [x, y] = [0, 1].map(|i| arguments.iter().map(|pair| pair[i]).collect::<Vec<_>>());
            let (x, y) = (R::load_partial(&x), R::load_partial(&y));
            let result = match self.name {
                "exp" => x.exp(),
                "expm1" => x.expm1(),
                "ln" => x.ln(),
                "ln_1p" => x.ln_1p(),
                "sin" => x.sin(),
                "cos" => x.cos(),
                "tanh" => x.tanh(),
                "sigmoid" => x.sigmoid(),
                "erf" => x.erf(),
                "powf" => x.powf(y),
                "erfc" => x.erfc(),
                "erfcx" => x.erfcx(),
                "siegert" => x.siegert(),
                "asin" => x.asin(),
                "acos" => x.acos(),
                "atan" => x.atan(),
                "atan2" => x.atan2(y),
                "cbrt" => x.cbrt(),
                "log10" => x.log10(),
                name => x.exprel(name.strip_prefix("exprel").unwrap().parse().unwrap()),
            };
            result.store_partial(results);
        }
        results
    }
}

impl VectorJob for Apply<'_> {
    type Output = Vec<f64>;

    /// Applies the function to one register at a time.
    #[inline(always)]
    fn run<V: vector::Vector>(self) -> Vec<f64> {
        LaneJob::run::<Lanes<V>>(self)
    }
}

/// A line of a table: arguments, rounded result, and the rest in ulp.
struct Row {
    arguments: [f64; 2],
    result: f64,
    rest: f64,
}

fn rows(table: &str) -> Vec<Row> {
    let number = |text: &str| f64::from_bits(u64::from_str_radix(text, 16).unwrap());
    let row = |line: &str| {
        let fields: Vec<&str> = line.split(' ').collect();
        let [arguments @ .., result, rest] = fields.as_slice() else { panic!("{line}") };
        Row {
            arguments: [number(arguments[0]), number(arguments[arguments.len() - 1])],
            result: number(result),
            rest: rest.parse::<f64>().unwrap() / 1000.0,
        }
    };
    table.lines().map(row).collect()
}

/// Function, its stated error in ulp, its table.
macro_rules! tables {
    ($($name:literal $bound:literal)*) => {
        [$(($name, $bound, include_str!(concat!($name, ".txt")))),*]
    };
}

const TABLES: [(&str, f64, &str); 26] = tables! {
    "exp" 0.9 "expm1" 1.3 "ln" 0.9 "ln_1p" 0.9 "sin" 0.9 "cos" 0.9 "tanh" 2.7 "sigmoid" 2.4 "erf" 1.4 "powf" 1.7
    "exprel0" 2.0 "exprel1" 3.3 "exprel2" 3.6 "exprel3" 5.5 "exprel4" 5.5 "exprel7" 8.0 "exprel12" 13.0
    "erfc" 3.7 "asin" 0.8 "acos" 0.8 "atan" 2.5 "atan2" 2.5 "cbrt" 0.6 "log10" 0.6
    "erfcx" 4.7 "siegert" 5.6
};

/// The distance of two neighbours at `x`.
fn ulp(x: f64) -> f64 {
    let magnitude = x.abs();
    f64::from_bits(magnitude.to_bits() + 1) - magnitude
}

fn error(found: f64, row: &Row) -> f64 {
    let same = found.to_bits() == row.result.to_bits() || found.is_nan() && row.result.is_nan();
    match row.result {
        _ if same => row.rest.abs(),
        expected if expected == 0.0 || !expected.is_finite() || !found.is_finite() => f64::INFINITY,
        expected => ((found - expected) / ulp(expected) - row.rest).abs(),
    }
}

#[test]
fn functions_keep_their_stated_errors() {
    for (name, bound, table) in TABLES {
        let rows = rows(table);
        let arguments: Vec<_> = rows.iter().map(|row| row.arguments).collect();
        assert!(rows.len() > 250, "{name}: table too small");
        for simd in sets() {
            let found = simd.run(Apply { name, arguments: &arguments, stride: 8 });
            for (found, row) in found.iter().zip(&rows) {
                let error = error(*found, row);
                assert!(
                    error <= bound,
                    "{name} on {}: {error} ulp at {:e}, {found:e} for {:e}",
                    simd.name(),
                    row.arguments[0],
                    row.result
                );
            }
        }
    }
}

fn same_bits(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan())
}

#[test]
fn a_lane_depends_on_no_other_and_not_on_the_width() {
    for (name, _, table) in TABLES {
        let arguments: Vec<_> = rows(table).iter().map(|row| row.arguments).collect();
        let reversed: Vec<_> = arguments.iter().rev().copied().collect();
        for simd in sets() {
            let apply = |arguments, stride| simd.run(Apply { name, arguments, stride });
            let eight = apply(&arguments, 8);
            let mut backwards = apply(&reversed, 8);
            backwards.reverse();
            let register = simd.run_vector(Apply { name, arguments: &arguments, stride: 8 });
            assert!(same_bits(&eight, &apply(&arguments, 1)), "{name}: alone");
            assert!(same_bits(&eight, &apply(&arguments, 3)), "{name}: three with repeats");
            assert!(same_bits(&eight, &backwards), "{name}: other neighbours");
            assert!(same_bits(&eight, &register), "{name}: one register");
        }
    }
}

#[test]
fn sets_without_fused_operations_give_the_same_bits() {
    for (name, _, table) in TABLES {
        let arguments: Vec<_> = rows(table).iter().map(|row| row.arguments).collect();
        let mut results = sets()
            .into_iter()
            .filter(|simd| !simd.is_fused())
            .map(|simd| simd.run(Apply { name, arguments: &arguments, stride: 8 }));
        let first = results.next().unwrap();
        assert!(results.all(|other| same_bits(&first, &other)), "{name}");
    }
}

/// Operations without a table, on a pair of numbers.
struct Operations<'a>(&'a [[f64; 2]]);

impl LaneJob for Operations<'_> {
    type Output = Vec<[f64; 14]>;

    #[inline(always)]
    fn run<R: Lane>(self) -> Self::Output {
        let number = |mask| R::select(mask, R::splat(1.0), R::splat(0.0));
        let result = |&[x, y]: &[f64; 2]| {
            let (x, y) = (R::splat(x), R::splat(y));
            let both = R::and(x.le(y), y.le(x));
            let lanes = [
                x + y,
                x - y,
                x * y,
                x / y,
                -x,
                x.abs(),
                x.signum(),
                x.floor(),
                x.sqrt(),
                x.min(y),
                x.max(y),
                number(x.lt(y)),
                number(R::or(both, x.eq(y))),
                number(R::not(x.lt(y))),
            ];
            lanes.map(|lane| {
                let mut values = [0.0; LANE_WIDTH];
                lane.store_partial(&mut values[..R::WIDTH]);
                values[R::WIDTH - 1]
            })
        };
        self.0.iter().map(result).collect()
    }
}

#[test]
fn exact_operations_are_those_of_a_plain_number() {
    let numbers =
        [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e300, 5e-324, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    let pairs: Vec<_> = numbers.iter().flat_map(|&x| numbers.map(|y| [x, y])).collect();
    let expected = LaneJob::run::<f64>(Operations(&pairs));
    for simd in sets() {
        for ((found, expected), pair) in simd.run(Operations(&pairs)).iter().zip(&expected).zip(&pairs) {
            assert!(same_bits(found, expected), "{} of {pair:?}: {found:?}, {expected:?}", simd.name());
        }
    }
}

struct Powers(f64, i32);

impl LaneJob for Powers {
    type Output = f64;

    #[inline(always)]
    fn run<R: Lane>(self) -> f64 {
        let mut values = [0.0; LANE_WIDTH];
        R::splat(self.0).powi(self.1).store_partial(&mut values);
        values[0]
    }
}

#[test]
fn whole_powers_are_products() {
    for simd in sets() {
        assert_eq!(simd.run(Powers(3.0, 30)), 205_891_132_094_649.0);
        assert_eq!(simd.run(Powers(-2.0, 9)), -512.0);
        assert_eq!(simd.run(Powers(4.0, -3)), 1.0 / 64.0);
        assert_eq!(simd.run(Powers(f64::NAN, 0)), 1.0);
        assert_eq!(simd.run(Powers(1.0, i32::MIN)), 1.0);
    }
}

#[test]
fn an_instruction_set_that_is_not_there_is_an_error_naming_those_that_are() {
    let error = Simd::named("avx9").unwrap_err();
    assert!(error.available.contains(&"portable") && error.available.contains(&"plain"));
    assert!(
        error
            .to_string()
            .starts_with("BRAINMASS_SIMD: `avx9` is not an instruction set of this processor; it has ")
    );
    assert!(!Simd::portable().is_fused());
    assert_eq!(Simd::named("portable"), Ok(Simd::portable()));
    for (name, simd) in SETS.iter().zip(sets()) {
        assert!(simd.name() == *name || *name == "portable" || !cfg!(target_arch = "x86_64"));
    }
}
