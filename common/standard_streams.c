#include "common/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

void standard_streams_hold(void) {
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) == -1) {
			/* the lowest that is free, which is this one; output that is lost is told where it can be */
			(void)!open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
		}
	}
}
