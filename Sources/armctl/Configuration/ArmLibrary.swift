enum ArmLibrary { static func locate(_ name: String) throws -> String { name.contains("/") ? name : "Robots/\(name)/arm.yaml" } }
