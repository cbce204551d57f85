/* Tells systemd how the relay is doing, where it asked for that (NOTIFY_SOCKET). Nothing happens elsewhere. */
#pragma once

#include <stdint.h>

/* "READY=1", "STOPPING=1", "WATCHDOG=1": lines of the protocol of sd_notify(3). */
void notify_send(const char *text);
/* RELOADING=1 with the moment it began; READY=1 has to follow. */
void notify_reloading(void);
/* How often WATCHDOG=1 is wanted, in milliseconds; 0: not at all. */
int64_t notify_watchdog_ms(void);
