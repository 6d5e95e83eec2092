// swift-tools-version: 6.2
import PackageDescription

// x86-64 machines since 2013 have AVX2 and FMA; without the flag Swift emits SSE2 only. arm64 has its vectors by default.
#if arch(x86_64)
  let vectorFlags: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=x86-64-v3"], .when(configuration: .release))]
#else
  let vectorFlags: [SwiftSetting] = []
#endif

let swiftSettings: [SwiftSetting] =
  vectorFlags + [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    // Small maths crosses module borders in the control tick; let the optimiser follow it there.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
  ]

let package = Package(
  name: "armctl",
  products: [
    .executable(name: "armctl", targets: ["armctl"]),
    .library(name: "Kinematics", targets: ["Kinematics"]),
    .library(name: "Planner", targets: ["Planner"]),
    .library(name: "MotorDrivers", targets: ["MotorDrivers"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CSerialPort", pkgConfig: "libserialport", providers: [.apt(["libserialport-dev"])]),
    .systemLibrary(name: "CGPIOD", pkgConfig: "libgpiod", providers: [.apt(["libgpiod-dev"])]),
    .target(name: "CGPIOLines", dependencies: ["CGPIOD"]),
    .target(name: "CMallocCounter"),
    .target(name: "Kinematics", swiftSettings: swiftSettings),
    .target(name: "Planner", dependencies: ["Kinematics"], swiftSettings: swiftSettings),
    .target(name: "MotorDrivers", dependencies: ["CSerialPort", "CGPIOLines"], swiftSettings: swiftSettings),
    .target(name: "Gaze", swiftSettings: swiftSettings),
    .target(name: "Control", dependencies: ["Kinematics", "Planner", "MotorDrivers"], swiftSettings: swiftSettings),
    .target(name: "Simulator", dependencies: ["Kinematics", "MotorDrivers"], swiftSettings: swiftSettings),
    .executableTarget(
      name: "armctl",
      dependencies: [
        "Kinematics", "Planner", "MotorDrivers", "Control", "Simulator", "Gaze", "CMallocCounter", "Yams",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: swiftSettings),
    .testTarget(name: "KinematicsTests", dependencies: ["Kinematics", "TestSupport", "CMallocCounter"], swiftSettings: swiftSettings),
    .testTarget(name: "PlannerTests", dependencies: ["Planner", "Kinematics", "TestSupport", "CMallocCounter"], swiftSettings: swiftSettings),
    .testTarget(name: "GazeTests", dependencies: ["Gaze", "TestSupport"], swiftSettings: swiftSettings),
    .target(name: "PtyModem", path: "Tests/PtyModem"),
    .testTarget(
      name: "MotorDriversTests", dependencies: ["MotorDrivers", "TestSupport", "PtyModem", "CMallocCounter", "CGPIOLines"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ControlTests",
      dependencies: ["Control", "Simulator", "Planner", "Kinematics", "MotorDrivers", "TestSupport", "CMallocCounter"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SimulatorTests", dependencies: ["Simulator", "Kinematics", "MotorDrivers", "TestSupport"], swiftSettings: swiftSettings),
    .testTarget(
      name: "armctlTests",
      dependencies: [
        "armctl", "Control", "Gaze", "Kinematics", "MotorDrivers", "Planner", "Simulator", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"), .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)
