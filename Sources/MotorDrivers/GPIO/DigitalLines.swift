public enum GPIOError: Error, Equatable, Sendable { case failed }
public protocol DigitalInput: AnyObject { func isActive() throws(GPIOError) -> Bool }
public protocol DigitalOutput: AnyObject { func set(_ isActive: Bool) throws(GPIOError) }
