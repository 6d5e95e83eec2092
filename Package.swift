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
  products: [.library(name: "Kinematics", targets: ["Kinematics"])],
  targets: [
    .target(name: "CMallocCounter"),
    .target(name: "Kinematics", swiftSettings: swiftSettings),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: swiftSettings),
    .testTarget(name: "KinematicsTests", dependencies: ["Kinematics", "TestSupport", "CMallocCounter"], swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)
