#!/usr/bin/env bash
# Trains for a long time and watches it: is the memory flat, is the speed even?
#
#   benchmarks/soak/soak.sh FOLDER MINUTES ARGUMENTS...
#
# runs './md4 train ARGUMENTS --out FOLDER/run' for so many minutes, draws samples from the run every quarter of them in another process,
# writes down every ten seconds what is resident, and ends with two lines and FOLDER/soak.png. The hour that was asked for:
#
#   benchmarks/soak/soak.sh /tmp/text 60 text --preset mini --data wikifa8.txt.gz --checkpoint-every 5m
#   benchmarks/soak/soak.sh /tmp/pictures 60 image --preset small32 --crop --data train.tar --valid valid.tar --checkpoint-every 5m
set -euo pipefail

if (($# < 3)); then
  sed -n 's/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
out=$1
minutes=$2
shift 2
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
mkdir -p "$out"
memory=$out/memory.tsv
printf 'seconds\tresident_kb\n' >"$memory"

"$root/md4" train "$@" --minutes "$minutes" --out "$out/run" >"$out/train.log" 2>&1 &
launcher=$!
trap 'kill "$launcher" 2>/dev/null || true' EXIT

SECONDS=0
sampled=0
while kill -0 "$launcher" 2>/dev/null; do
  # The launcher becomes Java when it has built.
  if [[ $(ps -o comm= -p "$launcher") == java ]]; then
    printf '%d\t%d\n' "$SECONDS" "$(awk '/^VmRSS/ {print $2}' "/proc/$launcher/status")" >>"$memory"
  fi
  if ((SECONDS > (sampled + 1) * minutes * 15 && sampled < 3)) && [[ -e $out/run/checkpoint.md4 ]]; then
    sampled=$((sampled + 1))
    "$root/md4" sample "$out/run" --count 1 --steps 16 --quiet --out "$out/sample-$sampled" >>"$out/samples.log" 2>&1 &
  fi
  sleep 10
done
trap - EXIT
wait "$launcher"

java -cp "$(cat "$root"/md4-cli/target/launcher/*.classpath)" "$root/benchmarks/soak/Soak.java" "$out"
