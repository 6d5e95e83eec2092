# The verbs of this project. Each installs what it needs first.
SHELL := /bin/bash
SWIFT ?= swift
ARMCTL := .build/release/armctl
# One build serves the demo, the tests and the benchmarks; tests of a release build are fast enough to fly an arm for minutes in a second.
BUILD := $(SWIFT) build -c release -Xswiftc -enable-testing
# No debugger start-up after a crash.
export SWIFT_BACKTRACE ?= enable=no

.PHONY: all setup build demo test python-test bench bench-peers bench-socket teleop-test gaze-test knock-report check-mujoco knock-mujoco lint format clean

all: build

# Debian packages, as root or with sudo; nothing happens where all is there.
setup:
	@Tools/setup

build: setup
	$(BUILD) --product armctl

# The main job: the emulated default arm, from its URDF to CAN frames on a serial line and back.
demo: build
	@$(ARMCTL) demo $(DEMO)

test: setup
	$(BUILD) --build-tests
	$(SWIFT) test -c release -Xswiftc -enable-testing --skip-build
	$(ARMCTL) bench --allocations
	@$(MAKE) --no-print-directory python-test

# The Python client with nothing but the standard library, against the daemon where it is built.
python-test:
	@command -v python3 >/dev/null || { echo "python-test: skipped, there is no python3"; exit 0; }; \
	  if [ -x $(ARMCTL) ]; then export ARMCTL=$(abspath $(ARMCTL)); fi; \
	  cd clients/python && python3 -m tests

bench: build
	@command -v cyclictest >/dev/null || echo "bench: Debian's rt-tests would add cyclictest as the reference of punctuality"
	$(ARMCTL) bench

# Ours beside pinocchio, EAIK, TRAC-IK, ruckig and TOPP-RA, from PyPI, as ratios.
bench-peers: build
	@python3 Benchmarks/peers/bench_peers.py --armctl $(ARMCTL) --environment .build/peers

# The command socket with well-behaved, hostile and idle clients at once.
bench-socket: build
	@python3 Benchmarks/socket/hostile.py --armctl $(ARMCTL)

# Every key of teleoperation in tmux, against an emulated arm; then how soon it moves and brakes.
teleop-test: build
	@python3 Tools/terminal-test/screens.py --armctl $(ARMCTL)
	@python3 Tools/terminal-test/latency.py --armctl $(ARMCTL)

# An emulated arm directed by the looks of somebody who is made up, in tmux; then trackers' programs that are made up. pyzmq and msgpack add Pupil's.
gaze-test: build
	@python3 Tools/terminal-test/gaze.py --armctl $(ARMCTL)
	@python3 Tools/terminal-test/gaze_sources.py --armctl $(ARMCTL)
	@python3 Tools/terminal-test/gaze_latency.py --armctl $(ARMCTL)

# Both arms knocked from everywhere, judged and drawn. KNOCKS=200 for a sample.
knock-report: build
	@$(ARMCTL) knock --arm openarm --report --direction +y --plot docs/knock.svg $(if $(KNOCKS),--knocks $(KNOCKS))
	@$(ARMCTL) knock --arm dummy --report --at wrist --direction +x+y --plot docs/knock-position.svg $(if $(KNOCKS),--knocks $(KNOCKS))

# The simulator's motion beside MuJoCo's, which comes from PyPI.
check-mujoco:
	@python3 Benchmarks/mujoco/motion.py --check

# Fist bumps for an arm that MuJoCo moves, over the Damiao wire and by the clock; wants a machine with nothing else to do. KNOCKS=100, ARM=path of an arm.yaml.
knock-mujoco: build
	@python3 Benchmarks/mujoco/fistbump.py $(if $(KNOCKS),--knocks $(KNOCKS)) $(if $(ARM),--arm $(ARM)) $(if $(HEAVIER),--heavier $(HEAVIER))

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	@Tools/check-text

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

clean:
	rm -rf .build
