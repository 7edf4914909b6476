#!/usr/bin/env bash
# Ours, PyTorch and DJL/libtorch in turn, each peer in both memory formats: interleave.sh DJL_FOLDER [ROUNDS]
# DJL_FOLDER: the compiled copy of djl/ (README.md). Nothing else may run on the machine. Prints a table of the rounds; their
# timings go to standard error.
set -euo pipefail
cd "$(dirname "$0")"
djl=$1
rounds=${2:-3}
python=/usr/bin/python3 # Debian's, which has torch
traces=$(mktemp -d)
trap 'rm -rf "$traces"' EXIT
formats=("" --channels-last)
# Mixed precision is timed where the processor multiplies bfloat16.
mixed=$(grep -c -m 1 avx512_bf16 /proc/cpuinfo || true)

compare() { # PRESET OURS BATCH TOKENS WARM_UP STEPS
  local preset=$1 ours=$2 batch=$3 tokens=$4 warm_up=$5 steps=$6 format round
  for format in "${formats[@]}"; do
    $python -W ignore torch_unet.py trace "$traces/$preset$format.pt" --preset "$preset" --batch "$batch" $format
  done
  for ((round = 1; round <= rounds; round++)); do
    named "$preset $round md4" ../../md4 benchmark --precision f32 --preset "$ours" --warm-up "$warm_up" --steps "$steps"
    if ((mixed)); then
      named "$preset $round md4-bf16" ../../md4 benchmark --precision bf16 --preset "$ours" --warm-up "$warm_up" --steps "$steps"
    fi
    for format in "${formats[@]}"; do
      named "$preset $round pytorch$format" $python torch_unet.py bench --preset "$preset" --batch "$batch" --warm-up "$warm_up" --steps "$steps" $format
      named "$preset $round djl$format" java -cp "$djl/target/classes:$(<"$djl/cp.txt")" DjlUnet \
        "$traces/$preset$format.pt" "$batch" "$tokens" "$warm_up" "$steps"
    done
  done
}

named() { # NAME COMMAND...: the command's timings, each after the name
  local name=$1
  shift
  "$@" 2>/dev/null | grep _s$'\t' | sed "s/^/$name\t/"
}

{
  compare fashion peer-images28 32 784 20 20
  compare small64 peer-images64 8 12288 15 12
} | tee /dev/stderr | awk -F '\t' -f summary.awk
