#include "gpio_lines.h"

#include <gpiod.h>

#if defined(GPIOD_LINE_BULK_MAX_LINES) || defined(GPIOD_BIT)
int gpio_lines_api(void) { return 1; }
#else
int gpio_lines_api(void) { return 2; }
#endif
