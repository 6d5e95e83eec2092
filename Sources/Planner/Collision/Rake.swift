/// One number for each of eight configurations that are checked side by side.
///
/// Everything here compiles to single vector instructions. Swift never fuses `a * b + c` by itself, and its own minima, maxima, magnitudes and
/// square roots of vectors fall apart into scalars, so these spell them in the way that does not.
typealias Rake = SIMD8<Float>

/// One configuration in single precision: a joint a lane, 0 in those beyond.
typealias JointRow = SIMD8<Float>

typealias RakeMask = SIMDMask<SIMD8<Int32>>

extension Rake {
  /// The lanes whose bits are all set in `open`; 0 in the others.
  @inline(__always)
  func kept(_ open: SIMD8<UInt32>) -> Rake { unsafeBitCast(unsafeBitCast(self, to: SIMD8<UInt32>.self) & open, to: Rake.self) }

  /// A lane's place in the vector, 0…7.
  static let ordinals = Rake(0, 1, 2, 3, 4, 5, 6, 7)
}

/// a·b + c, rounded once.
@inline(__always)
func fused(_ a: Rake, _ b: Rake, _ c: Rake) -> Rake { c.addingProduct(a, b) }

/// a·b + c with the same a in all lanes.
@inline(__always)
func fused(_ a: Float, _ b: Rake, _ c: Rake) -> Rake { c.addingProduct(Rake(repeating: a), b) }

@inline(__always)
func magnitude(_ a: Rake) -> Rake {
  unsafeBitCast(unsafeBitCast(a, to: SIMD8<UInt32>.self) & SIMD8(repeating: 0x7fff_ffff), to: Rake.self)
}

@inline(__always)
func larger(_ a: Rake, _ b: Rake) -> Rake { a.replacing(with: b, where: a .< b) }

@inline(__always)
func smaller(_ a: Rake, _ b: Rake) -> Rake { a.replacing(with: b, where: b .< a) }

/// Whether some lane of a mask is set: one test instruction, where `any` may become a call.
@inline(__always)
func holds(_ mask: RakeMask) -> Bool {
  let bits = unsafeBitCast(mask, to: SIMD4<UInt64>.self)
  return bits.x | bits.y | bits.z | bits.w != 0
}

/// The sum of all lanes.
@inline(__always)
func sum(_ a: Rake) -> Float {
  let four = a.lowHalf + a.highHalf
  let two = four.lowHalf + four.highHalf
  return two.x + two.y
}

/// 1/√a for a > 0, within 2·10⁻⁷ of the value.
///
/// - Source: the halved exponent as first guess (C. Lomont, *Fast inverse square root*, 2003), three of Newton's steps.
@inline(__always)
func reciprocalSquareRoot(_ a: Rake) -> Rake {
  let guess = SIMD8<UInt32>(repeating: 0x5f37_5a86) &- (unsafeBitCast(a, to: SIMD8<UInt32>.self) &>> SIMD8(repeating: 1))
  var y = unsafeBitCast(guess, to: Rake.self)
  let half = a * -0.5
  for _ in 0..<3 { y *= fused(half * y, y, Rake(repeating: 1.5)) }
  return y
}

/// Sines and cosines, within 10⁻⁷ for |angle| < 1000 rad.
///
/// - Source: argument reduction of W. Cody and W. Waite, *Software Manual for the Elementary Functions* (1980), chapter 8; minimax polynomials
///   on ±π/4 of S. Moshier's Cephes library (single precision).
@inline(__always)
func sineAndCosine(_ angle: Rake) -> (sine: Rake, cosine: Rake) {
  // Adding and taking away 1.5·2²³ rounds to an integer and leaves that integer in the low bits.
  let shifted = fused(0.636_619_772, angle, Rake(repeating: 12_582_912))
  let quarter = shifted - 12_582_912
  let quadrant = unsafeBitCast(shifted, to: SIMD8<UInt32>.self)

  var r = fused(-1.570_312_5, quarter, angle)
  r = fused(-4.837_512_97e-4, quarter, r)
  r = fused(-7.549_790_13e-8, quarter, r)

  let r2 = r * r
  var s = fused(-1.951_529_59e-4, r2, Rake(repeating: 8.332_160_87e-3))
  s = fused(s, r2, Rake(repeating: -1.666_665_46e-1))
  let sine = fused(s * r2, r, r)
  var c = fused(2.443_315_71e-5, r2, Rake(repeating: -1.388_731_63e-3))
  c = fused(c, r2, Rake(repeating: 4.166_664_57e-2))
  c = fused(c, r2, Rake(repeating: -0.5))
  let cosine = fused(c, r2, Rake(repeating: 1))

  let isOdd = (quadrant & SIMD8(repeating: 1)) .== SIMD8<UInt32>(repeating: 1)
  let sineSign = (quadrant & SIMD8(repeating: 2)) &<< SIMD8(repeating: 30)
  let cosineSign = ((quadrant &+ SIMD8(repeating: 1)) & SIMD8(repeating: 2)) &<< SIMD8(repeating: 30)
  return (
    flipped(sine.replacing(with: cosine, where: isOdd), by: sineSign),
    flipped(cosine.replacing(with: sine, where: isOdd), by: cosineSign)
  )
}

/// Turns the sign of the lanes whose top bit is set in `signs`.
@inline(__always)
private func flipped(_ values: Rake, by signs: SIMD8<UInt32>) -> Rake {
  unsafeBitCast(unsafeBitCast(values, to: SIMD8<UInt32>.self) ^ signs, to: Rake.self)
}

/// A point or direction for each of eight configurations.
struct RakeVector {
  var x, y, z: Rake

  @inline(__always)
  init(x: Rake, y: Rake, z: Rake) { (self.x, self.y, self.z) = (x, y, z) }

  /// The same in all lanes.
  @inline(__always)
  init(_ v: SIMD3<Float>) { self.init(x: Rake(repeating: v.x), y: Rake(repeating: v.y), z: Rake(repeating: v.z)) }

  @inline(__always)
  static func - (a: Self, b: Self) -> Self { Self(x: a.x - b.x, y: a.y - b.y, z: a.z - b.z) }

  @inline(__always)
  var squaredLength: Rake { fused(x, x, fused(y, y, z * z)) }

  @inline(__always)
  func cross(_ b: Self) -> Self {
    Self(x: fused(y, b.z, -(z * b.y)), y: fused(z, b.x, -(x * b.z)), z: fused(x, b.y, -(y * b.x)))
  }

  /// self + scale·direction.
  @inline(__always)
  func moved(along direction: Self, by scale: Rake) -> Self {
    Self(x: fused(scale, direction.x, x), y: fused(scale, direction.y, y), z: fused(scale, direction.z, z))
  }
}

/// Where a body stands in each of eight configurations: its axes and origin in the base.
struct RakeFrame {
  var x, y, z, origin: RakeVector

  static let identity = RakeFrame(
    x: RakeVector([1, 0, 0]), y: RakeVector([0, 1, 0]), z: RakeVector([0, 0, 1]), origin: RakeVector(.zero))

  /// A point given in the body's frame, in the base.
  @inline(__always)
  func point(_ px: Float, _ py: Float, _ pz: Float) -> RakeVector {
    RakeVector(
      x: fused(pz, z.x, fused(py, y.x, fused(px, x.x, origin.x))),
      y: fused(pz, z.y, fused(py, y.y, fused(px, x.y, origin.y))),
      z: fused(pz, z.z, fused(py, y.z, fused(px, x.z, origin.z))))
  }
}
