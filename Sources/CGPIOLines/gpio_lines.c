// Requests one line at a time. The two versions of libgpiod share no call; the rest of the project sees only gpio_lines.h.
#include "gpio_lines.h"

#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>

// Only version 1 defines this macro.
#if defined(GPIOD_LINE_BULK_MAX_LINES)

struct gpio_line {
  struct gpiod_chip *chip;
  struct gpiod_line *line;
};

int gpio_lines_api(void) { return 1; }

static gpio_line *request(const char *chip, unsigned offset, const struct gpiod_line_request_config *config, bool is_active, enum gpio_stage *stage) {
  gpio_line *self = calloc(1, sizeof *self);
  *stage = GPIO_STAGE_CHIP;
  if (!self) return NULL;
  self->chip = gpiod_chip_open_lookup(chip);
  if (self->chip) {
    *stage = GPIO_STAGE_LINE;
    self->line = gpiod_chip_get_line(self->chip, offset);
  }
  if (self->line) {
    *stage = GPIO_STAGE_REQUEST;
    if (gpiod_line_request(self->line, config, is_active) == 0) return self;
  }
  int reason = errno;
  if (self->chip) gpiod_chip_close(self->chip);
  free(self);
  errno = reason;
  return NULL;
}

gpio_line *gpio_line_open_input(const char *chip, unsigned offset, const char *consumer, bool active_low, enum gpio_stage *stage) {
  struct gpiod_line_request_config config = {
      .consumer = consumer,
      .request_type = GPIOD_LINE_REQUEST_DIRECTION_INPUT,
      .flags = active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0,
  };
  return request(chip, offset, &config, false, stage);
}

gpio_line *gpio_line_open_output(const char *chip, unsigned offset, const char *consumer, bool active_low, bool is_active, enum gpio_stage *stage) {
  struct gpiod_line_request_config config = {
      .consumer = consumer,
      .request_type = GPIOD_LINE_REQUEST_DIRECTION_OUTPUT,
      .flags = active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0,
  };
  return request(chip, offset, &config, is_active, stage);
}

int gpio_line_read(gpio_line *line) { return gpiod_line_get_value(line->line); }

int gpio_line_write(gpio_line *line, bool is_active) { return gpiod_line_set_value(line->line, is_active); }

void gpio_line_close(gpio_line *line) {
  if (!line) return;
  gpiod_line_release(line->line);
  gpiod_chip_close(line->chip);
  free(line);
}

#else

struct gpio_line {
  struct gpiod_line_request *request;
  unsigned offset;
};

int gpio_lines_api(void) { return 2; }

static struct gpiod_chip *open_chip(const char *chip) {
  char path[256];
  if (chip[0] == '/') return gpiod_chip_open(chip);
  if (snprintf(path, sizeof path, "/dev/%s", chip) >= (int)sizeof path) {
    errno = ENAMETOOLONG;
    return NULL;
  }
  return gpiod_chip_open(path);
}

static struct gpiod_line_request *request_line(struct gpiod_chip *chip, unsigned offset, const char *consumer, struct gpiod_line_settings *settings) {
  struct gpiod_line_config *lines = gpiod_line_config_new();
  struct gpiod_request_config *config = gpiod_request_config_new();
  struct gpiod_line_request *result = NULL;
  if (lines && config && gpiod_line_config_add_line_settings(lines, &offset, 1, settings) == 0) {
    gpiod_request_config_set_consumer(config, consumer);
    result = gpiod_chip_request_lines(chip, config, lines);
  }
  int reason = errno;
  gpiod_line_config_free(lines);
  gpiod_request_config_free(config);
  errno = reason;
  return result;
}

static gpio_line *request(
    const char *chip_name, unsigned offset, const char *consumer, struct gpiod_line_settings *settings, enum gpio_stage *stage) {
  gpio_line *self = calloc(1, sizeof *self);
  *stage = GPIO_STAGE_CHIP;
  struct gpiod_chip *chip = self && settings ? open_chip(chip_name) : NULL;
  if (chip) {
    *stage = GPIO_STAGE_LINE;
    struct gpiod_line_info *info = gpiod_chip_get_line_info(chip, offset);
    if (info) {
      gpiod_line_info_free(info);
      *stage = GPIO_STAGE_REQUEST;
      self->offset = offset;
      self->request = request_line(chip, offset, consumer, settings);
    }
  }
  int reason = errno;
  // A request outlives the chip that it came from.
  if (chip) gpiod_chip_close(chip);
  gpiod_line_settings_free(settings);
  if (self && self->request) return self;
  free(self);
  errno = reason;
  return NULL;
}

gpio_line *gpio_line_open_input(const char *chip, unsigned offset, const char *consumer, bool active_low, enum gpio_stage *stage) {
  struct gpiod_line_settings *settings = gpiod_line_settings_new();
  if (settings) {
    gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
    gpiod_line_settings_set_active_low(settings, active_low);
  }
  return request(chip, offset, consumer, settings, stage);
}

gpio_line *gpio_line_open_output(const char *chip, unsigned offset, const char *consumer, bool active_low, bool is_active, enum gpio_stage *stage) {
  struct gpiod_line_settings *settings = gpiod_line_settings_new();
  if (settings) {
    gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
    gpiod_line_settings_set_active_low(settings, active_low);
    gpiod_line_settings_set_output_value(settings, is_active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
  }
  return request(chip, offset, consumer, settings, stage);
}

int gpio_line_read(gpio_line *line) {
  enum gpiod_line_value value = gpiod_line_request_get_value(line->request, line->offset);
  if (value == GPIOD_LINE_VALUE_ERROR) return -1;
  return value == GPIOD_LINE_VALUE_ACTIVE;
}

int gpio_line_write(gpio_line *line, bool is_active) {
  return gpiod_line_request_set_value(line->request, line->offset, is_active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
}

void gpio_line_close(gpio_line *line) {
  if (!line) return;
  gpiod_line_request_release(line->request);
  free(line);
}

#endif
