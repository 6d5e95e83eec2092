#pragma once

#include <libserialport.h>
#include <linux/serial.h>
#include <sys/ioctl.h>

// Asks the driver to hand over received bytes at once (FTDI waits up to 16 ms otherwise). Returns 0 where it will; drivers that never wait refuse.
static inline int serial_port_set_low_latency(int descriptor) {
  struct serial_struct settings;
  if (ioctl(descriptor, TIOCGSERIAL, &settings) != 0) return -1;
  settings.flags |= ASYNC_LOW_LATENCY;
  return ioctl(descriptor, TIOCSSERIAL, &settings);
}
