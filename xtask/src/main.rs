//! The workspace's own commands.

fn main() {
    let text = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let model = brainmass_spec::compile_one("m", &text).unwrap();
    println!("{}", brainmass_spec::emit::rust::formatted(&model));
}
