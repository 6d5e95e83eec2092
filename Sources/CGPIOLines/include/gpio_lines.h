// One GPIO line of libgpiod, the same for its versions 1 (Debian 12) and 2 (Debian 13).
#pragma once

/// The library's major version that this was compiled against.
int gpio_lines_api(void);
