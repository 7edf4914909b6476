#!/usr/bin/env bash
# The training step and forward pass of peer-text (4 layers, width 256, 256 characters): ours, an older clone of ours if given, DJL and PyTorch in turn.
# interleave_text.sh PEERS [ROUNDS] [OLDER_CLONE]
# PEERS: a folder with torch_md4.py, its trace mini.pt (trace_md4.py mini.pt 4 256 256 16) and djl/, compiled, with its class
# path in djl/cp.txt. Nothing else may run on the machine. Prints a table of the rounds; their timings go to standard error.
set -euo pipefail
cd "$(dirname "$0")"
peers=$1
rounds=${2:-3}
older=${3:-}

named() { # NAME COMMAND...: the command's timings, each after the name
  local name=$1
  shift
  "$@" 2>/dev/null | grep _s$'\t' | sed "s/^/$name\t/"
}

# An older clone without peer-text had this shape in mini.
# Mixed precision is timed where the processor multiplies bfloat16.
mixed=$(grep -c -m 1 avx512_bf16 /proc/cpuinfo || true)

for ((round = 1; round <= rounds; round++)); do
  named "mini $round md4" ../../md4 benchmark --precision f32 --preset peer-text
  if ((mixed)); then named "mini $round md4-bf16" ../../md4 benchmark --precision bf16 --preset peer-text; fi
  if [[ -n $older ]]; then named "mini $round older" "$older/md4" benchmark --preset mini; fi
  named "mini $round djl" java -cp "$peers/djl/target/classes:$(<"$peers/djl/cp.txt")" DjlMd4 "$peers/mini.pt" 16 256 14
  named "mini $round pytorch" /usr/bin/python3 -W ignore "$peers/torch_md4.py" bench --layers 4 --dim 256 --length 256 --batch 16 --steps 14
done | tee /dev/stderr | awk -F '\t' -f summary.awk
