internal import ArgumentParser
internal import Foundation

/// A command was refused or failed: it says why on stderr in one sentence, then what to try, and exits with status 1.
struct CommandFailure: Error, Equatable {
  var sentence: String
  /// What to do about it, for after "try: ".
  var suggestion: String
  /// What programs tell failures apart by.
  var kind: String

  init(_ sentence: String, suggestion: String, kind: String = "failed") { (self.sentence, self.suggestion, self.kind) = (sentence, suggestion, kind) }

  init(_ failure: CommandClient.Failure) {
    self.init(failure.description, suggestion: failure.suggestion)
    if case .refused(let error) = failure, let lead = Lead(error.data) { (sentence, suggestion) = (lead.sentence, lead.suggestion) }
  }

  init(_ error: SocketError) { self.init(error.description, suggestion: error.suggestion) }

  /// - Returns: The exit status 1, to throw.
  func report() -> ExitCode {
    FileHandle.standardError.write(Data(text(isColoured: Terminal.isColoured(STDERR_FILENO)).utf8))
    return ExitCode(1)
  }

  /// What stderr gets.
  func text(isColoured: Bool) -> String { (isColoured ? "\u{1B}[31m\(sentence)\u{1B}[0m" : sentence) + "\ntry: \(suggestion)\n" }

  /// What stdout gets where the answer was to be JSON.
  var json: JSONValue { ["error": ["kind": .string(kind), "message": .string(sentence), "try": .string(suggestion)]] }

  /// Runs a command's body; a failure in it is reported.
  ///
  /// - Parameter asJSON: Whether stdout gets it, too, as an object with the one key "error".
  static func reporting(asJSON: Bool = false, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let failure as CommandFailure {
      if asJSON { print(failure.json) }
      throw failure.report()
    } catch let failure as CommandClient.Failure {
      throw CommandFailure(failure).report()
    } catch let error as SocketError {
      throw CommandFailure(error).report()
    }
  }
}

/// What the output goes to.
enum Terminal {
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// How many characters a line has; nil where the stream is no terminal.
  static func width(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Parts that are joined by dots, on as many lines as they need.
  static func joined(_ parts: [String], width: Int?) -> String {
    var lines: [String] = []
    for part in parts {
      if let last = lines.last, last.count + 3 + part.count <= width ?? .max {
        lines[lines.count - 1] = last + " · " + part
      } else {
        lines.append(lines.isEmpty ? part : "  " + part)
      }
    }
    return lines.joined(separator: "\n")
  }

  /// Colour only on a terminal that has it, and not where `NO_COLOR` says no.
  static func isColoured(_ descriptor: Int32, environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
    isTerminal(descriptor) && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }
}

/// How a command finds the server.
struct SocketOptions: ParsableArguments {
  @Option(
    name: .customLong("socket"),
    help: "The server's socket: a path, or tcp:PORT[:TOKENFILE]. Default: $XDG_RUNTIME_DIR/armctl.sock, else a private folder in /tmp.")
  var path: String?

  /// A connection that has not said hello.
  func open() throws -> CommandClient { try CommandClient(CommandAddress(path)) }

  /// - Parameter program: What others see at work, such as a script's name.
  func connect(as program: String = "armctl") throws -> CommandClient {
    let client = try open()
    try client.call("hello", ["protocol": 1, "client": .string(ClientName.name(of: program)), "role": "terminal"])
    return client
  }
}

/// Of the small commands that ask the server one thing and print its answer.
struct AskOptions: ParsableArguments {
  @Flag(help: "Print the server's answer as one JSON object.")
  var json = false
  @OptionGroup var server: SocketOptions

  /// - Parameters:
  ///   - lead: Of what only who leads may ask for.
  ///   - timeout: How long the answer may take [s].
  ///   - words: The answer for people.
  /// - Returns: The answer.
  @discardableResult
  func ask(
    _ method: String, _ parameters: JSONObject = [:], leading lead: LeadOptions? = nil, timeout: Double = 10, words: (JSONValue) -> String
  ) throws -> JSONValue {
    var answer = JSONValue.null
    try CommandFailure.reporting {
      let client = try server.connect()
      answer = try lead?.call(method, parameters, of: client, timeout: timeout) ?? client.call(method, parameters, timeout: timeout)
      print(json ? "\(answer)" : words(answer))
    }
    return answer
  }
}
