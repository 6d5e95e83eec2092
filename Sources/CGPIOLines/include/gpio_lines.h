// One GPIO line of libgpiod, the same for its versions 1 (Debian 12) and 2 (Debian 13).
#pragma once

#include <stdbool.h>

typedef struct gpio_line gpio_line;

/// How far a request got.
enum gpio_stage {
  GPIO_STAGE_CHIP,
  GPIO_STAGE_LINE,
  GPIO_STAGE_REQUEST,
};

/// The library's major version that this was compiled against.
int gpio_lines_api(void);

/// Requests line `offset` of `chip` ("gpiochip0" or a path) as an input. NULL where refused, with errno and the stage.
gpio_line *gpio_line_open_input(const char *chip, unsigned offset, const char *consumer, bool active_low, enum gpio_stage *stage);

/// Requests it as an output that begins as `is_active`.
gpio_line *gpio_line_open_output(const char *chip, unsigned offset, const char *consumer, bool active_low, bool is_active, enum gpio_stage *stage);

/// 1 active, 0 inactive, -1 with errno. Does not allocate.
int gpio_line_read(gpio_line *line);

/// 0, or -1 with errno. Does not allocate.
int gpio_line_write(gpio_line *line, bool is_active);

void gpio_line_close(gpio_line *line);
