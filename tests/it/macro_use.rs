//! `include_models!` in a crate that is not in this workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use brainmass_tests::built;

/// A copy of `tests/downstream` under a name of its own, since tests that run side by side share a target folder, which later runs find warm.
struct Downstream {
    folder: tempfile::TempDir,
}

impl Downstream {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy(&root.join("downstream"), folder.path());
        let manifest = folder.path().join("Cargo.toml");
        let text = fs::read_to_string(&manifest).expect("the manifest was copied");
        let library = root.join("../brainmass").canonicalize().expect("the library is there");
        let text = text.replace("../../brainmass", &library.display().to_string());
        fs::write(&manifest, text.replace("own-zoo", name)).expect("a file");
        let lock = root.join("../Cargo.lock");
        fs::copy(lock, folder.path().join("Cargo.lock")).expect("the versions of the workspace");
        Self { folder }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn cargo(&self, command: &str) -> Output {
        // A workspace of its own, which is built beside the first one, in the target folder that cargo was given.
        let target = built::target_folder().join("downstream");
        crate::tell(&format!("cargo {command} of a crate outside the workspace, in {}", target.display()));
        Command::new(env!("CARGO"))
            .args([command, "--quiet", "--offline"])
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_TERM_COLOR", "never")
            .output()
            .expect("cargo runs")
    }

    #[track_caller]
    fn run(&self) -> String {
        let output = self.cargo("run");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file");
        }
    }
}

/// A model that looks a value up in a table.
const LOOKING: &str = "
name: LookingStep
category: phenomenological
time_unit: 1 ms
tables: {gain: {file: gain.npy, axes: {x: {from: 0, to: 2}}}}
states: {x: {init: 1.5}}
derivatives: {x: -x + gain(x)}
integration: {scheme: euler, dt: 0.5 ms}
";

/// An array as numpy writes it.
fn npy(numbers: &[f64]) -> Vec<u8> {
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({},), }}", numbers.len());
    let header = format!("{header:<117}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.as_bytes());
    numbers.iter().for_each(|number| bytes.extend(number.to_le_bytes()));
    bytes
}

#[test]
fn a_crate_outside_the_workspace_has_its_own_models() {
    let crate_ = Downstream::new("own-zoo");
    insta::assert_snapshot!(crate_.run(), @r"
    DecayStep: 1 states, A decay with names that Rust has taken
    GrowthStep: 1 states, A variant in a folder of its own
    x = 0.367879 after one time constant
    half = 0.367879
    error: DecayStep: parameter `type` is in ms, and 3.25 mV cannot be converted to that (set at src/main.rs:19)
    x = 0.367879 from a file
    ");

    // An edited file is seen,
    let model = crate_.file("models/decay.yaml");
    let text = fs::read_to_string(&model).expect("the file was copied");
    fs::write(&model, text.replace("half: x/2", "half: x/4")).expect("a file");
    assert!(crate_.run().contains("half = 0.183940"), "the edit reaches the program");

    // and so is a new one.
    let another = text.replace("DecayStep", "AnotherStep");
    fs::write(crate_.file("models/another.yaml"), another).expect("a file");
    assert!(crate_.run().contains("AnotherStep: 1 states"), "the new file is in the list");

    // A table lies beside its model, and an edit of its numbers is seen.
    let program = "mod zoo { brainmass::include_models!(\"models\"); }\n\
                   use brainmass::prelude::*;\n\
                   fn main() -> Result<(), brainmass::RunError> {\n\
                   let run = Simulator::new(zoo::LookingStep::new(1)).run(0.5)?;\n\
                   println!(\"x = {}\", run[\"x\"][[0, 0]]);\n\
                   Ok(())\n}\n";
    fs::write(crate_.file("src/main.rs"), program).expect("a file");
    fs::write(crate_.file("models/looking.yaml"), LOOKING).expect("a file");
    fs::write(crate_.file("models/gain.npy"), npy(&[0.0, 1.0, 4.0])).expect("a file");
    assert_eq!(crate_.run(), "x = 2\n");
    fs::write(crate_.file("models/gain.npy"), npy(&[0.0, 1.0, 2.0])).expect("a file");
    assert_eq!(crate_.run(), "x = 1.5\n");

    // Mistakes are compile errors that show the text; models that are right are still there.
    fs::write(&model, text.replace("x: (-fn*x", "x: (-fm*x")).expect("a file");
    let output = crate_.cargo("build");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "a mistake stops the build");
    for part in ["error: unknown name `fm`", "models/decay.yaml:21:8", "-fm*x", "help: did you mean `fn`?"] {
        assert!(message.contains(part), "`{part}` is missing from\n{message}");
    }
}

#[test]
fn a_folder_can_be_taken_in_parts() {
    let crate_ = Downstream::new("parts-of-a-zoo");
    let program = |zoo: &str, uses: &str| {
        let text = format!(
            "{zoo}\nuse brainmass::Described as _;\nfn main() {{ println!(\"{{}}\", {uses}::INFO.name); }}\n"
        );
        fs::write(crate_.file("src/main.rs"), text).expect("a file");
    };
    let refused = |part: &str| {
        let output = crate_.cargo("check");
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && message.contains(part), "`{part}` is missing from\n{message}");
    };
    // The two parts stand side by side in one crate; the models that a part leaves out are not generated twice.
    let parts = "mod root { brainmass::include_models!(\"models\", except = [\"cells\"]); }\n\
                 mod rest { brainmass::include_models!(\"models\", only = [\"cells\"]); }";
    program(parts, "rest::cells::GrowthStep");
    assert_eq!(crate_.run(), "GrowthStep\n");
    program(parts, "root::cells::GrowthStep");
    refused("cells");
    program(
        "mod root { brainmass::include_models!(\"models\", only = [\"cell\"]); }",
        "root::cells::GrowthStep",
    );
    refused("did you mean `cells`?");
    program("mod root { brainmass::include_models!(\"models\", without = [\"cells\"]); }", "root::DecayStep");
    refused("expected `only = ");
    // A file with the other ending is seen, too.
    fs::rename(crate_.file("models/decay.yaml"), crate_.file("models/decay.yml")).expect("a file");
    program("mod root { brainmass::include_models!(\"models\"); }", "root::DecayStep");
    assert_eq!(crate_.run(), "DecayStep\n");
}

/// Names that clash, or might, with Rust, with the library, or with what generated functions call their own.
const NASTY: &str = "fn type self gen Some None Ok crate true lambda E R K N n i x t sum x_i x_j states coefficients inputs rates diagonal
    observables parameters receiving sending adjoint rhs population engine new clone value Kernel Option f64 std t1 k1 d_x j_x per_tau
    x_tau init_x splat exp pi MODELS _a a_ gain";

/// Files that give one name each to something of one kind, and the file that gives all names which none of them was refused for.
struct Role {
    name: &'static str,
    file: fn(&[&str]) -> String,
}

/// `1*a + 2*b + ...`
fn weighted(names: &[&str], factor: &str) -> String {
    let term = |(index, name): (usize, &&str)| format!("{}*{name}{factor}", index + 1);
    names.iter().enumerate().map(term).collect::<Vec<_>>().join(" + ")
}

fn entries(names: &[&str], entry: &str) -> String {
    names.iter().map(|name| format!("  {name}: {entry}\n")).collect()
}

const HEAD: &str = "category: network\ntime_unit: 1 ms\n";

const ROLES: [Role; 8] = [
    Role {
        name: "Parameters",
        file: |names| {
            let (entries, sum) = (entries(names, "{default: 1}"), weighted(names, "*zz"));
            format!("{HEAD}states: {{zz: {{init: 1}}}}\nparameters:\n{entries}derivatives:\n  zz: {sum}\n")
        },
    },
    Role {
        name: "States",
        file: |names| {
            let rates: String = (0..names.len())
                .map(|i| format!("  {}: {}*{}\n", names[i], i + 1, names[(i + 1) % names.len()]))
                .collect();
            format!("{HEAD}states:\n{}derivatives:\n{rates}", entries(names, "{init: 1}"))
        },
    },
    Role {
        name: "Inputs",
        file: |names| {
            let (entries, sum) = (entries(names, "{unit: 1}"), weighted(names, "*zz"));
            format!("{HEAD}states: {{zz: {{init: 1}}}}\ninputs:\n{entries}derivatives:\n  zz: {sum}\n")
        },
    },
    Role {
        name: "Lets",
        file: |names| {
            let lets: String =
                names.iter().enumerate().map(|(i, n)| format!("  {n}: zz^2 + {i}\n")).collect();
            let sum = weighted(names, "*zz");
            format!("{HEAD}states: {{zz: {{init: 1}}}}\nlet:\n{lets}derivatives:\n  zz: {sum}\n")
        },
    },
    Role {
        name: "Observables",
        file: |names| {
            let values: String =
                names.iter().enumerate().map(|(i, n)| format!("  {n}: {}*zz*qq\n", i + 1)).collect();
            format!(
                "{HEAD}states: {{zz: {{init: 1}}}}\nparameters: {{qq: {{default: 1}}}}\nderivatives: {{zz: -zz}}\n\
                 observables:\n{values}"
            )
        },
    },
    Role {
        name: "Arguments",
        file: |names| {
            let functions: String = names.iter().map(|n| format!("  f_{n}({n}): 2*{n}\n")).collect();
            let sum: Vec<String> = names.iter().map(|n| format!("f_{n}(zz)")).collect();
            format!(
                "{HEAD}states: {{zz: {{init: 1}}}}\nfunctions:\n{functions}derivatives:\n  zz: {}\n",
                sum.join(" + ")
            )
        },
    },
    Role {
        name: "Inside",
        file: |names| {
            let (entries, sum) = (entries(names, "{default: 1}"), weighted(names, ""));
            format!(
                "{HEAD}states: {{zz: {{init: 1}}}}\nparameters:\n{entries}inputs: {{cc: {{unit: 1}}}}\n\
                 derivatives: {{zz: cc - zz}}\n\
                 coupling:\n  input: cc\n  pre: ({sum})*(zz_j - zz_i)\n  post: ({sum})*sum/N\n"
            )
        },
    },
    Role {
        name: "Rule",
        file: |names| {
            let (entries, sum) = (entries(names, "{default: 1}"), weighted(names, ""));
            format!("kind: coupling\nparameters:\n{entries}pre: ({sum})*(x_j - x_i)\npost: ({sum})*sum\n")
        },
    },
];

/// Program that compares the generated kernels and their derivatives with what the files say.
const PROGRAM: &str = r#"
#[allow(non_camel_case_types)]
mod zoo { brainmass::include_models!("models"); }
use brainmass::generated::{CouplingKernel, Described, Kernel};

/// The values that some arrays are made of, in turn.
fn filled<const N: usize>(value: impl Fn(usize) -> f64) -> [f64; N] { std::array::from_fn(value) }

fn main() {
    use zoo::{Arguments, Delayed, Inputs, Inside, Lets, MyRule, Observables, Parameters, States};
    let ones = |count: usize| (1..=count).map(|i| i as f64).collect::<Vec<_>>();

    let coefficients = <Parameters as Kernel>::coefficients::<f64>(filled(|_| 1.0));
    let back = <Parameters as Kernel>::rhs_vjp::<f64>([2.0], coefficients, [], [3.0]);
    let each = back.parameters.map(|adjoint| adjoint / 6.0);
    assert_eq!(each.to_vec(), ones(each.len()), "parameters");

    let n = States::INFO.states.len();
    let rates = <States as Kernel>::rhs::<f64>(filled(|i| i as f64), <States as Kernel>::coefficients::<f64>([]), []);
    let expected: Vec<f64> = (0..n).map(|i| ((i + 1) * ((i + 1) % n)) as f64).collect();
    assert_eq!(rates.to_vec(), expected, "states");
    let back = <States as Kernel>::rhs_vjp::<f64>(filled(|_| 1.0), <States as Kernel>::coefficients::<f64>([]), [], filled(|_| 1.0));
    assert_eq!(back.states[1], 1.0, "the first rate is that of the second state");

    let back = <Inputs as Kernel>::rhs_vjp::<f64>([2.0], <Inputs as Kernel>::coefficients::<f64>([]), filled(|_| 1.0), [3.0]);
    let each = back.inputs.map(|adjoint| adjoint / 6.0);
    assert_eq!(each.to_vec(), ones(each.len()), "inputs");

    let rate = <Lets as Kernel>::rhs::<f64>([2.0], <Lets as Kernel>::coefficients::<f64>([]), [])[0];
    let count = Lets::INFO.equations.len() - 1;
    assert_eq!(rate, (0..count).map(|i| ((i + 1) * (4 + i)) as f64 * 2.0).sum::<f64>(), "lets");

    let coefficients = <Observables as Kernel>::coefficients::<f64>([1.0]);
    let observed = <Observables as Kernel>::observe::<f64>([2.0], coefficients, []);
    assert_eq!(observed.map(|value| value / 2.0).to_vec(), ones(observed.len()), "observables");
    let back = <Observables as Kernel>::observe_vjp::<f64>([2.0], coefficients, [], filled(|i| if i == 2 { 1.0 } else { 0.0 }));
    assert_eq!((back.states[0], back.parameters[0]), (3.0, 6.0), "adjoints of observables");

    let rate = <Arguments as Kernel>::rhs::<f64>([2.0], <Arguments as Kernel>::coefficients::<f64>([]), [])[0];
    assert_eq!(rate, 4.0 * (Arguments::INFO.equations.len() - 1) as f64, "arguments of functions");

    let delayed = <Delayed as Kernel>::rhs::<f64>([1.0], <Delayed as Kernel>::coefficients::<f64>([5.0, 100.0]), [10.0])[0];
    assert_eq!(delayed, 10.0 + 2.0 * 100.0, "a delayed state beside a parameter of its name");

    macro_rules! couples { ($rule:ident) => {
        let parameters = filled(|_| 1.0);
        let count = <$rule as Described>::INFO.parameters.len();
        let total = (count * (count + 1) / 2) as f64;
        let (receiver, sender, back) = <$rule as CouplingKernel>::pre_vjp::<f64>(2.0, [1.0], [4.0], parameters);
        assert_eq!((receiver[0], sender[0]), (-2.0 * total, 2.0 * total));
        assert_eq!(back.map(|adjoint| adjoint / 6.0).to_vec(), ones(count), "of a term");
        let (sum, back) = <$rule as CouplingKernel>::post_vjp::<f64>(5.0, 1.0, 2.0, parameters);
        assert_eq!(sum, 2.0 * total);
        assert_eq!(back.map(|adjoint| adjoint / 10.0).to_vec(), ones(count), "of a sum");
    } }
    couples!(MyRule);
    couples!(Inside);
    println!("all as written");
}
"#;

#[test]
fn a_name_is_refused_or_means_what_the_file_says() {
    let accepted = |role: &Role, name: &str| {
        let file = |names: &[&str]| format!("name: {}Step\n{}", role.name, (role.file)(names));
        brainmass_spec::compile_one("t.yaml", &file(&[name])).is_ok()
    };
    let crate_ = Downstream::new("nasty-zoo");
    let models = crate_.file("models");
    fs::remove_dir_all(&models).expect("the models were copied");
    fs::create_dir(&models).expect("a folder");
    let write = |name: &str, text: &str| fs::write(models.join(name), text).expect("a file");
    for role in &ROLES {
        let names: Vec<&str> = NASTY.split_whitespace().filter(|name| accepted(role, name)).collect();
        // Refusing everything would pass.
        assert!(
            names.contains(&"adjoint") && names.contains(&"fn") && names.len() > 35,
            "{}: {names:?}",
            role.name
        );
        let refused = ["self", "gen", "Some", "exp", "pi", "a_"];
        assert!(!names.iter().any(|name| refused.contains(name)), "{}: {names:?}", role.name);
        let name = if role.name == "Rule" { "MyRule" } else { role.name };
        write(&format!("{}.yaml", role.name), &format!("name: {name}\n{}", (role.file)(&names)));
    }
    write(
        "delayed.yaml",
        "name: Delayed\ncategory: network\ntime_unit: 1 ms\nstates: {x: {init: 1}}\n\
         parameters: {tau: {default: 5 ms}, x_tau: {default: 1}}\nderivatives: {x: 'delay(x, tau) + 2*x_tau'}\n",
    );
    let mut models_called = 0;
    for name in [
        "Box", "Option", "Vec", "String", "Kernel", "Layer", "Stack", "Engine", "Some", "R", "MODELS",
        "Self", "Adjoints", "Result",
    ] {
        let text = format!("name: {name}\n{HEAD}states: {{x: {{init: 1}}}}\nderivatives: {{x: -x}}\n");
        if brainmass_spec::compile_one("t.yaml", &text).is_ok() {
            write(&format!("named_{name}.yaml"), &text);
            models_called += 1;
        }
    }
    assert!(models_called > 2, "ordinary words can be names of models");
    fs::write(crate_.file("src/main.rs"), PROGRAM).expect("a file");
    assert_eq!(crate_.run(), "all as written\n");
}
