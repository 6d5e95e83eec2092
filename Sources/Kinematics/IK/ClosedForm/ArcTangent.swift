/// The angles of the points (x, y) in −π…π, four at once; 0 for the origin.
///
/// Within 3 units in the last place, and the same on every machine: no fused operations, no library call. NaN and infinity give NaN.
///
/// - Real-time: does not allocate, lock or branch.
/// - Source: folded to 0…1 by symmetry and to ±0.45 by tan(a − π/4); the rational function of S. Moshier, *Methods and Programs for
///   Mathematical Functions* (1989), on ±0.66.
@inline(__always)
func arcTangent(_ y: Lanes, _ x: Lanes) -> Lanes {
  let signBit = Int64(bitPattern: 1 << 63)
  let ySign = unsafeBitCast(y, to: SIMD4<Int64>.self) & SIMD4(repeating: signBit)
  let magnitude = SIMD4<Int64>(repeating: Int64.max)
  let height = unsafeBitCast(unsafeBitCast(y, to: SIMD4<Int64>.self) & magnitude, to: Lanes.self)
  let width = unsafeBitCast(unsafeBitCast(x, to: SIMD4<Int64>.self) & magnitude, to: Lanes.self)

  let isSteep = height .> width
  let low = height.replacing(with: width, where: isSteep), high = width.replacing(with: height, where: isSteep)
  let isOblique = low .> 0.66 * high
  let top = low.replacing(with: low - high, where: isOblique)
  var bottom = high.replacing(with: high + low, where: isOblique)
  bottom.replace(with: 1, where: bottom .== Lanes.zero)

  let t = top / bottom, z = t * t
  var p = z * -8.750608600031904122785e-1 - 1.615753718733365076637e1
  p = p * z - 7.500855792314704667340e1
  p = p * z - 1.228866684490136173410e2
  p = p * z - 6.485021904942025371773e1
  var q = z + 2.485846490142306297962e1
  q = q * z + 1.650270098316988542046e2
  q = q * z + 4.328810604912902668951e2
  q = q * z + 4.853903996359136964868e2
  q = q * z + 1.945506571482613964425e2

  // The last bits of π/4, π/2 and π that a double does not hold are added where the whole is.
  let bits = 6.123233995736765886130e-17
  var angle = t + t * (z * (p / q))
  angle.replace(with: 0.785_398_163_397_448_309_6 + (angle + bits / 2), where: isOblique)
  angle.replace(with: 1.570_796_326_794_896_619_2 - (angle - bits), where: isSteep)
  angle.replace(with: 3.141_592_653_589_793_238_5 - (angle - 2 * bits), where: x .< Lanes.zero)
  return unsafeBitCast(unsafeBitCast(angle, to: SIMD4<Int64>.self) ^ ySign, to: Lanes.self)
}
