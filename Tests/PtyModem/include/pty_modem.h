// Lends modem lines to pseudo-terminals, so that libserialport, which asks each port for them, can be tested on one.
#pragma once

/// How often the lines were lent so far in this process.
int pty_modem_lent(void);
