#include "relay/notify.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

void notify_send(const char *text) {
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t len = path ? strlen(path) : 0;
	if (len == 0 || len >= sizeof address.sun_path) {
		return;
	}
	memcpy(address.sun_path, path, len);
	if (path[0] == '@') {
		address.sun_path[0] = '\0'; /* an abstract socket */
	}
	int file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (file >= 0) {
		socklen_t address_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
		ssize_t sent = sendto(
			file, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)&address, address_len);
		(void)sent; /* a supervisor that does not listen is no reason to stop */
		close(file);
	}
}

void notify_reloading(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	char text[96];
	snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld",
		(long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	notify_send(text);
}

int64_t notify_watchdog_ms(void) {
	const char *limit = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	if (!limit || (pid && strtoll(pid, NULL, 10) != (long long)getpid())) {
		return 0;
	}
	return strtoll(limit, NULL, 10) / 2000; /* twice as often as it must be */
}
