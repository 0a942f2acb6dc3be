#!/usr/bin/env bash
# Runs COMMAND with a soft card in a virtual PC/SC reader, in a network and mount namespace of its own:
# the packaged reader listens on every address, and pcscd shares /run with the rest of the machine.
#
#   with-virtual-reader.sh COMMAND...
#
#   PASS_BIN   the binary `pass` (default: target/debug/pass), or the example soft_card of the package jpki
#   PASS_DATA  folder of the soft cards (default: a temporary one)
#   CARD       name of the card (default: hanako)
#   CARD_LOG   folder for pcscd.log and card.log (default: PASS_DATA)
#
# Exit status 77 means skipped (not root, no namespaces, no packages): never a pass.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
PASS_BIN=${PASS_BIN:-$here/../../target/debug/pass}
CARD=${CARD:-hanako}
skip() { echo "skipped: $*" >&2; exit 77; }

if [ -z "${PASS_CARD_NS:-}" ]; then
  [ $# -gt 0 ] || { sed -n '2,14p' "$0"; exit 2; }
  [ "$(id -u)" = 0 ] || skip "a virtual reader needs root"
  for tool in pcscd opensc-tool ip unshare; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
  done
  [ -e /usr/lib/pcsc/drivers/serial/libifdvpcd.so ] || skip "vsmartcard-vpcd is not installed"
  unshare --net --mount true 2>/dev/null || skip "namespaces are forbidden here"
  exec env PASS_CARD_NS=1 unshare --net --mount "$0" "$@"
fi

ip link set lo up
mkdir -p /run/pcscd
mount -t tmpfs none /run/pcscd

made=
if [ -z "${PASS_DATA:-}" ]; then made=$(mktemp -d); PASS_DATA=$made; fi
export PASS_BIN PASS_DATA CARD
logs=${CARD_LOG:-$PASS_DATA}
mkdir -p "$logs"

card= daemon=
finish() {
  for pid in $card $daemon; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  [ -z "$made" ] || rm -rf "$made"
}
trap finish EXIT

serve_card() {
  case $(basename "$PASS_BIN") in
    soft_card*) exec "$PASS_BIN" serve 127.0.0.1:35963 "$CARD" "$PASS_DATA" ;;
    *) exec "$PASS_BIN" card --data "$PASS_DATA" --vpcd 127.0.0.1:35963 "$CARD" ;;
  esac
}

pcscd --foreground -c /etc/reader.conf.d >"$logs/pcscd.log" 2>&1 & daemon=$!
for _ in $(seq 250); do [ -S /run/pcscd/pcscd.comm ] && break; sleep 0.02; done
serve_card >"$logs/card.log" 2>&1 & card=$!

# The keys of a new family take a few seconds to make.
for _ in $(seq 600); do
  opensc-tool -l 2>/dev/null | grep -q ' Yes ' && break
  kill -0 "$card" 2>/dev/null || { echo "the card did not reach the reader:" >&2; cat "$logs/card.log" >&2; exit 1; }
  sleep 0.1
done

status=0
"$@" || status=$?
if ! kill -0 "$card" 2>/dev/null; then
  # The honest card leaves the reader when a file of the never-list is touched.
  echo "the card left the reader:" >&2
  cat "$logs/card.log" >&2
  status=1
fi
exit $status
