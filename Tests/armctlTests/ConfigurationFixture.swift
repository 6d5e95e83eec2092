import Foundation
import TestSupport

@testable import armctl

/// The arm file of a made-up crane: a joint that turns, one that turns without end, one that slides.
enum Crane {
  static let folder = packageFile("Tests/Data/configuration/")
  static let text = try! String(contentsOfFile: folder + "/crane.yaml", encoding: .utf8)

  /// The file with one stretch of text exchanged, as if it stood beside the URDF.
  static func parse(_ text: String = text) throws(ConfigurationError) -> ArmConfiguration {
    try ArmConfiguration.parse(text, file: folder + "/crane.yaml")
  }

  static func parse(replacing old: String, by new: String) throws(ConfigurationError) -> ArmConfiguration {
    guard let range = text.range(of: old) else { preconditionFailure("the crane's file has no `\(old)`") }
    return try parse(text.replacingCharacters(in: range, with: new))
  }
}

extension ConfigurationError {
  /// The whole report, with the file named without its folder.
  var plainReport: String { report.replacingOccurrences(of: Crane.folder + "/", with: "") }
}
