# The verbs of this project. Each installs what it needs first.
SHELL := /bin/bash
SWIFT ?= swift
ARMCTL := .build/release/armctl
# Bounded output and no debugger start-up after a crash.
export SWIFT_BACKTRACE ?= enable=no

.PHONY: all setup build demo test bench lint format clean

all: build

# Debian packages, as root or with sudo; nothing happens where all is there.
setup:
	@Tools/setup

build: setup
	$(SWIFT) build -c release --product armctl

# The main job: the emulated default arm, from its URDF to CAN frames on a serial line and back.
demo: build
	@$(ARMCTL) demo $(DEMO)

test: setup
	$(SWIFT) test --parallel
	$(SWIFT) build -c release --product armctl
	$(ARMCTL) bench --allocations

bench: build
	$(ARMCTL) bench

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	@Tools/check-text

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

clean:
	rm -rf .build
