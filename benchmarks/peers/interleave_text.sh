#!/usr/bin/env bash
# The training step and forward pass of peer-text (4 layers, width 256, 16 rows of 256 characters) or peer-words (8 rows of 128 of GPT-2's
# 50,257 tokens): ours, an older clone of ours if given, DJL and PyTorch in turn.
# interleave_text.sh PEERS [ROUNDS] [PRESET] [OLDER_CLONE]
# PEERS: a folder with torch_md4.py, for words with V = 50257 in place of 27, its trace PRESET.pt (trace_md4.py PRESET.pt 4 256 LENGTH ROWS)
# and djl/, compiled, with its class path in djl/cp.txt. Nothing else may run on the machine. Prints a table of the rounds; their timings go
# to standard error.
set -euo pipefail
cd "$(dirname "$0")"
peers=$1
rounds=${2:-3}
preset=${3:-peer-text}
older=${4:-}
case $preset in
  peer-text) length=256 batch=16 ;;
  peer-words) length=128 batch=8 ;;
  *)
    echo "PRESET ($preset) must be peer-text or peer-words" >&2
    exit 2
    ;;
esac

if [[ -n $older ]] && ! "$older/md4" benchmark --help 2>/dev/null | grep -q "$preset"; then
  echo "OLDER_CLONE ($older) must know the preset $preset, and does not" >&2
  exit 2
fi

named() { # NAME COMMAND...: the command's timings, each after the name
  local name=$1
  shift
  "$@" 2>/dev/null | grep _s$'\t' | sed "s/^/$name\t/"
}

# Mixed precision is timed where the processor multiplies bfloat16.
mixed=$(grep -c -m 1 avx512_bf16 /proc/cpuinfo || true)

for ((round = 1; round <= rounds; round++)); do
  named "$preset $round md4" ../../md4 benchmark --precision f32 --preset "$preset"
  if ((mixed)); then named "$preset $round md4-bf16" ../../md4 benchmark --precision bf16 --preset "$preset"; fi
  if [[ -n $older ]]; then named "$preset $round older" "$older/md4" benchmark --preset "$preset"; fi
  named "$preset $round djl" java -cp "$peers/djl/target/classes:$(<"$peers/djl/cp.txt")" DjlMd4 "$peers/$preset.pt" "$batch" "$length" 14
  named "$preset $round pytorch" /usr/bin/python3 -W ignore "$peers/torch_md4.py" bench --layers 4 --dim 256 --length "$length" --batch "$batch" --steps 14
done | tee /dev/stderr | awk -F '\t' -f summary.awk
