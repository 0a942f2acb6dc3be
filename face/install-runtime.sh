#!/bin/sh
# Puts the ONNX Runtime library into a folder: install-runtime.sh DIR
# It comes out of the PyPI wheel; only the pinned bytes are kept. Running it again does nothing.
set -eu
version=1.32.0
dir=${1:?usage: install-runtime.sh DIR}
case $(uname -s)-$(uname -m) in
  Linux-x86_64) tag=manylinux_2_28_x86_64 sha=6c1585d1bbf45b0712ea4a21b705c5fcb4ba04ff2e30f1fbf81a49faf658638f ;;
  Linux-aarch64) tag=manylinux_2_28_aarch64 sha=49852228a93995158b2a813d4df487d47a1b76b0eaa894507ef49e91b6d7954a ;;
  *) echo "install-runtime.sh: no library is pinned for $(uname -s) $(uname -m); see docs/face.md" >&2; exit 1 ;;
esac
target=$dir/libonnxruntime.so

pinned() { [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d' ' -f1)" = "$sha" ]; }

if pinned "$target"; then echo "$target"; exit 0; fi
mkdir -p "$dir"
work=$(mktemp -d "$dir/.runtime.XXXXXX")
trap 'rm -rf "$work"' EXIT
# The wheel of one Python version, whatever runs here, so that the hash is that of one build.
python3 -m pip download --quiet --no-deps --only-binary=:all: --platform "$tag" --python-version 311 --dest "$work" "onnxruntime==$version" >&2
python3 - "$work" "$version" <<'PYTHON'
import pathlib, sys, zipfile
work = pathlib.Path(sys.argv[1])
wheel = zipfile.ZipFile(next(work.glob("*.whl")))
(work / "library").write_bytes(wheel.read(f"onnxruntime/capi/libonnxruntime.so.{sys.argv[2]}"))
PYTHON
if ! pinned "$work/library"; then
  echo "install-runtime.sh: the library is not the pinned one (sha256 $sha)" >&2
  exit 1
fi
mv "$work/library" "$target"
echo "$target"
