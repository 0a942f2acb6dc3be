#!/usr/bin/env bash
# Counts the disk flushes of a refresh with 1 and with 16 users, while run.sh --serve serves.
#   OIDCLOAD=/path/to/oidcload conformance/bench/commits.sh PROFILE PID
# One flush (fdatasync) is one commit on SQLite; checkpoints of the write-ahead log add a few. strace slows the server:
# rates are not measured here.
set -euo pipefail
profile=$1 pid=$2
[ -x "${OIDCLOAD:-}" ] || { echo 'OIDCLOAD must name the load driver'; exit 2; }
command -v strace > /dev/null || { echo 'strace is missing'; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for users in ${COUNTS:-1 16}; do
  # The driver signs its users in first; the count begins when the warm-up has.
  "$OIDCLOAD" run --profile "$profile" --pid "$pid" --scenario refresh --users "$users" --warmup 4 --seconds "${SECS:-5}" --json "$work/$users.json" > "$work/said" 2>&1 &
  driver=$!
  timeout -s INT $((${SECS:-5} + 12)) strace -f -p "$pid" -e trace=fdatasync,fsync -ttt -o "$work/trace" 2> "$work/strace" &
  strace=$!
  wait $driver || { cat "$work/said"; exit 1; }
  kill -INT $strace 2> /dev/null || true
  wait $strace || true
  python3 - "$work/trace" "$work/$users.json" "$users" <<'PY'
import json, re, sys
times = sorted(float(m[1]) for m in re.finditer(r"^\d+\s+(\d+\.\d+) f(?:data)?sync\(", open(sys.argv[1]).read(), re.M))
run = json.loads(open(sys.argv[2]).readlines()[-1])
# The measured window is the last part of the driver's run.
last = times[-1] if times else 0
flushes = sum(time > last - run["seconds"] for time in times)
print(f"refresh, {sys.argv[3]} users: {run['done']} refreshes, {flushes} flushes: {flushes / max(run['done'], 1):.3f} a refresh, {run['errors']} errors")
PY
done
