# The two commands of the README: `make demo` and `make test`. Both set up what they need on a Debian machine.

SHELL := /bin/bash
export PASS_FACE_MODELS ?= $(abspath ../shared/face-models)
export PASS_FACE_SAMPLES ?= $(abspath ../shared/face-samples)
export PASS_FACE_LIBRARY ?= $(CURDIR)/target/onnxruntime/libonnxruntime.so
export CARGO_INCREMENTAL ?= 0

BUILD_PACKAGES = gcc pkg-config libssl-dev libpq-dev libpcsclite-dev curl ca-certificates unzip python3-pip python3-venv
TEST_PACKAGES = $(BUILD_PACKAGES) postgresql chromium nodejs npm apache2 libapache2-mod-auth-openidc libnss3-tools pcscd vsmartcard-vpcd \
  opensc opensc-pkcs11 iproute2 util-linux openssl fonts-noto-cjk webkit2gtk-driver xvfb

DATA ?= .pass-demo
PORT ?= 8080

.PHONY: demo test release packages test-packages face-runtime rust clean help

help:
	@echo 'make demo     the whole of PASS on this machine, with a library, a child-care centre, a card and an outbox'
	@echo 'make test     every check, from formatting to real browsers'
	@echo 'make release  the program for a city: target/release/pass, without the demo'

demo: packages rust face-runtime
	cargo build --quiet -p pass
	target/debug/pass demo --data $(DATA) --port $(PORT) $(DEMO_OPTIONS)

test: test-packages rust face-runtime
	conformance/run-all

release: packages rust
	cargo build --release -p pass --no-default-features --features reader

packages:
	@conformance/setup/packages $(BUILD_PACKAGES)

test-packages:
	@conformance/setup/packages $(TEST_PACKAGES)

rust:
	@command -v cargo >/dev/null || { echo 'Rust is missing: install it with rustup (https://rustup.rs), version 1.95 or newer, then run this again.'; exit 1; }

# The ONNX Runtime library comes from PyPI; without it the demo says that faces are unavailable, and goes on.
face-runtime:
	@face/install-runtime.sh $(dir $(PASS_FACE_LIBRARY)) || echo 'ONNX Runtime could not be installed: the demo runs without face match.'

clean:
	cargo clean
	rm -rf $(DATA)
