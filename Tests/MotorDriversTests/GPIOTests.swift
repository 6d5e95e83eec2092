import CGPIOLines
import MotorDrivers
import Testing

@Suite struct GPIOTests {
  struct ErrorCase: CustomTestStringConvertible {
    let error: GPIOError
    let sentence: String
    let suggestion: String
    var testDescription: String { sentence }
  }

  @Test(arguments: [
    ErrorCase(
      error: .noChip(chip: "gpiochip9", line: 17, reason: "there is no such chip"),
      sentence: "cannot open GPIO chip gpiochip9 for line 17: there is no such chip", suggestion: "`gpiodetect` lists the chips"),
    ErrorCase(
      error: .noLine(chip: "gpiochip0", line: 99), sentence: "GPIO chip gpiochip0 has no line 99",
      suggestion: "`gpioinfo gpiochip0` lists its lines"),
    ErrorCase(
      error: .lineBusy(chip: "gpiochip0", line: 4), sentence: "line 4 of GPIO chip gpiochip0 is in use",
      suggestion: "`gpioinfo gpiochip0` names who uses line 4; end that, or choose another line"),
    ErrorCase(
      error: .denied(chip: "gpiochip0", line: 4), sentence: "this user may not open GPIO chip gpiochip0 for line 4",
      suggestion: "`sudo usermod -aG gpio $USER`, and log in again"),
    ErrorCase(
      error: .refused(chip: "gpiochip0", line: 4, reason: "Invalid argument"),
      sentence: "line 4 of GPIO chip gpiochip0 cannot be requested: Invalid argument",
      suggestion: "`gpioinfo gpiochip0` tells what the line is for; choose another"),
    ErrorCase(
      error: .lost(chip: "gpiochip0", line: 4, reason: "the chip was taken away"),
      sentence: "line 4 of GPIO chip gpiochip0 is lost: the chip was taken away",
      suggestion: "see to the GPIO adapter and its cable, then restart"),
  ])
  func errorsAreSentences(example: ErrorCase) {
    #expect(example.error.description == example.sentence)
    #expect(example.error.suggestion == example.suggestion)
  }

  @Test func whatIsNoChipIsRefused() {
    let none = GPIOError.noChip(chip: "/dev/gpiochip-none", line: 17, reason: "there is no such chip")
    #expect(throws: none) { try GPIOInput(chip: "/dev/gpiochip-none", line: 17, isActiveLow: true) }
    #expect(throws: none) { try GPIOOutput(chip: "/dev/gpiochip-none", line: 17) }
    #expect(throws: GPIOError.noChip(chip: "/dev/null", line: 3, reason: "it is no GPIO chip")) { try GPIOInput(chip: "/dev/null", line: 3) }
    #expect(throws: GPIOError.noLine(chip: "gpiochip0", line: -1)) { try GPIOInput(chip: "gpiochip0", line: -1) }
  }

  @Test func theLibraryIsOneOfTheTwo() { #expect([1, 2].contains(gpio_lines_api())) }
}
