#!/bin/bash
# Kills a sweep again and again at random moments, and compares its results with those of an unbroken run, byte by byte.
#
#   cargo build --release -p brainmass-cli
#   tests/sweep_kills.sh target/release/brainmass [RUNS] [KILLS]
#
# The sweep has 10,000 short runs of the reduced Wong-Wang model on 90 regions, of which each is compared with a functional
# connectivity by its BOLD signal; it is killed 100 times with SIGKILL. A shorter form is in crates/cli/tests/it/sweep.rs.
set -euo pipefail

brainmass=$(realpath "$1")
runs=${2:-10000}
kills=${3:-100}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > model.txt <<'EOF'
model: WongWangExcInhStep
connectome: {name: synthetic_90, normalize: row_sum}
initial: {S_e: 0.25, S_i: 0.05}
coupling: {rule: Additive, from: S_e, speed: 10 mm/ms}
noise: {S_e: 0.01, S_i: 0.01}
dt: 1 ms
observe:
  bold: {signal: S_e, instrument: bold, every: 50 ms, step: 10 ms}
EOF
# The target: the correlations of a longer run.
{ cat model.txt; printf 'duration: 4 s\ntransient: 1 s\nseed: 4711\noutput: target.npz\n'; } |
    sed 's/step: 10 ms}/step: 10 ms, functional_connectivity: true}/' > target.yaml
"$brainmass" run target.yaml --quiet

experiment() {
    cat model.txt
    cat <<EOF
duration: 500 ms
transient: 100 ms
sweep:
  over: {G: {from: 0.1, to: 0.5, points: 10}, seeds: 0..$((runs / 10))}
  measure:
    fit: {signal: bold, summary: fc_corr, target: {file: target.npz, array: bold}, target_is: connectivity}
    activity: {signal: S_e, summary: mean}
  output: [$1.csv, $1.npz]
EOF
}
experiment whole > whole.yaml
experiment killed > killed.yaml

began=$(date +%s%N)
"$brainmass" sweep whole.yaml --quiet
took=$(( ($(date +%s%N) - began) / 1000000 ))
echo "an unbroken sweep of $runs runs took $took ms"

# Returns the bytes that a journal has, 0 if there is none yet.
size() { stat -c %s "$1" 2> /dev/null || echo 0; }

# Each attempt lasts at random from nothing to as long as its share of what is left takes, so that the kills fall all over the sweep, and also
# while a process begins. A fifth of the sweep is left for after the last kill, so that it is not complete before on a machine that becomes twice as
# fast meanwhile.
killed=0
while [ "$killed" -lt "$kills" ]; do
    whole=$(size whole.journal)
    left=$(( took * (whole * 4 / 5 - $(size killed.journal)) / whole ))
    most=$(( (left > 0 ? left : 0) / (kills - killed) + 60 ))
    "$brainmass" sweep killed.yaml --quiet 2> errors.txt &
    process=$!
    sleep "$(awk -v ms=$(( (RANDOM * 32768 + RANDOM) % most )) 'BEGIN { print ms / 1000 }')"
    if kill -KILL "$process" 2> /dev/null; then
        killed=$((killed + 1))
    fi
    if wait "$process" 2> /dev/null; then
        echo "it was complete after $killed kills already, which proves nothing of $kills: try again" >&2
        exit 1
    fi
done
echo "$(size killed.journal) of $(size whole.journal) bytes were in the journal after $killed kills"
"$brainmass" sweep killed.yaml --quiet 2> errors.txt || { cat errors.txt; exit 1; }
cmp whole.csv killed.csv
cmp whole.npz killed.npz
echo "after $killed kills, the results are the same to the last byte"
