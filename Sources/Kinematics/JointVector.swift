/// One number per joint, in the model's joint order: positions [rad; m for prismatic], velocities, efforts, …
///
/// A plain value of at most eight lanes that never allocates. Lanes beyond `count` stay zero, so whole-vector arithmetic is safe.
public struct JointVector: Sendable, Equatable, BitwiseCopyable {
  public static let capacity = 8

  public internal(set) var lanes: SIMD8<Double> {
    @inlinable get { storage }
    set { storage = newValue }
  }
  public let count: Int
  // Arithmetic is inlined into other modules, where a call would cost more than what it does.
  @usableFromInline var storage: SIMD8<Double>

  /// - Precondition: `count <= JointVector.capacity`.
  public init(repeating value: Double = 0, count: Int) {
    precondition(count <= Self.capacity, "an arm has at most \(Self.capacity) joints")
    self.count = count
    storage = SIMD8(repeating: value).replacing(with: SIMD8(), where: Self.isBeyond(count))
  }

  /// The first `count` lanes of `lanes`; the others are set to zero.
  @inlinable @inline(__always)
  public init(lanes: SIMD8<Double>, count: Int) {
    self.count = count
    storage = lanes.replacing(with: SIMD8(), where: Self.isBeyond(count))
  }

  /// Which lanes belong to no joint. Counted in doubles, because integer vectors are compared lane by lane.
  @inlinable @inline(__always)
  static func isBeyond(_ count: Int) -> SIMDMask<SIMD8<Int64>> {
    SIMD8<Double>(0, 1, 2, 3, 4, 5, 6, 7) .>= SIMD8(repeating: Double(count))
  }

  /// - Precondition: `elements.count <= JointVector.capacity`.
  public init(_ elements: some Collection<Double>) {
    self.init(count: elements.count)
    for (joint, element) in elements.enumerated() { lanes[joint] = element }
  }
}

extension JointVector: RandomAccessCollection, MutableCollection, ExpressibleByArrayLiteral {
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { count }

  @inlinable
  public subscript(joint: Int) -> Double {
    get { storage[joint] }
    set { storage[joint] = newValue }
  }

  public init(arrayLiteral elements: Double...) { self.init(elements) }
}

extension JointVector {
  @inlinable @inline(__always)
  public static func + (a: Self, b: Self) -> Self { Self(trusted: a.lanes + b.lanes, count: a.count) }
  @inlinable @inline(__always)
  public static func - (a: Self, b: Self) -> Self { Self(trusted: a.lanes - b.lanes, count: a.count) }
  @inlinable @inline(__always)
  public static func * (scale: Double, v: Self) -> Self { Self(trusted: scale * v.lanes, count: v.count) }
  @inlinable @inline(__always)
  public static prefix func - (v: Self) -> Self { Self(trusted: -v.lanes, count: v.count) }
  @inlinable @inline(__always)
  public static func += (a: inout Self, b: Self) { a.storage += b.storage }
  @inlinable @inline(__always)
  public static func -= (a: inout Self, b: Self) { a.storage -= b.storage }

  /// The product lane by lane.
  @inlinable @inline(__always)
  public func scaled(by factors: Self) -> Self { Self(trusted: lanes * factors.lanes, count: count) }

  @inlinable @inline(__always)
  public func dot(_ other: Self) -> Double { (lanes * other.lanes).sum() }

  /// Each element moved into `lower[i]…upper[i]`.
  public func clamped(lower: Self, upper: Self) -> Self {
    let raised = lanes.replacing(with: lower.lanes, where: lanes .< lower.lanes)
    return Self(trusted: raised.replacing(with: upper.lanes, where: raised .> upper.lanes), count: count)
  }

  /// The largest absolute element; 0 for no joints.
  public var maximumMagnitude: Double { lanes.replacing(with: -lanes, where: lanes .< SIMD8<Double>()).max() }

  public var isFinite: Bool { allSatisfy(\.isFinite) }

  /// Lanes that are known to be zero beyond `count`.
  @inlinable @inline(__always)
  package init(trusted lanes: SIMD8<Double>, count: Int) {
    storage = lanes
    self.count = count
  }
}
