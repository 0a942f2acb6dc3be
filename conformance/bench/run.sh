#!/usr/bin/env bash
# Starts `pass demo` in release and measures it with a load driver that lies outside the repository.
#   OIDCLOAD=/path/to/oidcload conformance/bench/run.sh          every scenario, one JSON line each
#   conformance/bench/run.sh --serve                             only serves, and prints profile and pid
# PORT, USERS, SECS, WARMUP, SCENARIOS, DATABASE (postgres://...), RESULTS may be set.
set -euo pipefail
cd "$(dirname "$0")/../.."
bin=${PASS_BIN:-target/release/pass}
[ -x "$bin" ] || cargo build --release -p pass
work=$(mktemp -d)
store=sqlite
[ -n "${DATABASE:-}" ] && store=postgresql
"$bin" demo --json --data "$work/data" --port "${PORT:-18460}" ${DATABASE:+--database "$DATABASE"} > "$work/line.json" 2> "$work/log" &
pid=$!
trap 'kill -TERM $pid 2>/dev/null || true; wait $pid 2>/dev/null || true; rm -rf "$work"' EXIT
until [ -s "$work/line.json" ]; do
  kill -0 $pid 2>/dev/null || { cat "$work/log"; exit 1; }
  sleep 0.1
done
field() { python3 -c 'import json,sys; line=json.load(open(sys.argv[1])); print(eval(sys.argv[2], {"line": line}))' "$work/line.json" "$1"; }
profile=$work/pass.json
sed -e "s|@STORE@|$store|" -e "s|@ISSUER@|$(field 'line["issuer"]')|" \
  -e "s|@SECRET@|$(field '[c for c in line["clients"] if c["client_id"] == "bench"][0]["client_secret"]')|" \
  -e "s|@PASSWORD@|$(field '[r for r in line["residents"] if r["login_id"] == "user0"][0]["login_secret"]')|" \
  conformance/bench/pass.profile.json.in > "$profile"
if [ "${1:-}" = --serve ]; then
  echo "profile $profile, pid $pid; add $profile:$pid to the providers that are measured together. Ctrl-C ends it."
  wait $pid
  exit
fi
[ -x "${OIDCLOAD:-}" ] || { echo 'OIDCLOAD must name the load driver; conformance/bench/run.sh --serve only serves'; exit 2; }
for scenario in ${SCENARIOS:-discovery jwks client-credentials userinfo introspect refresh sso-flow code-flow}; do
  "$OIDCLOAD" run --profile "$profile" --pid $pid --scenario "$scenario" --users "${USERS:-8}" --warmup "${WARMUP:-1.5}" \
    --seconds "${SECS:-5}" --json "${RESULTS:-$work/results.jsonl}"
done
