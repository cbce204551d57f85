/*
 * What the disk can do at this moment: appends of 4 KiB, each followed by fdatasync, one after the other.
 *
 *   disk FILE [COUNT]     prints one line of JSON; the file is removed
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/clock.h"

#define BLOCK 4096
#define COUNT_MAX 100000

static bool measure(int fd, uint32_t *samples_us, size_t count) {
	char block[BLOCK];
	memset(block, 'x', sizeof block);
	for (size_t i = 0; i < count; i++) {
		uint64_t begin = now_ns();
		if (write(fd, block, sizeof block) != sizeof block || fdatasync(fd) != 0) {
			return false;
		}
		samples_us[i] = (uint32_t)((now_ns() - begin) / 1000);
	}
	return true;
}

int main(int argc, char **argv) {
	size_t count = argc > 2 ? (size_t)atoi(argv[2]) : 500;
	if (argc < 2 || count == 0 || count > COUNT_MAX) {
		fprintf(stderr, "usage: disk FILE [COUNT]\n");
		return 2;
	}
	int fd = open(argv[1], O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	uint32_t *samples_us = malloc(count * sizeof *samples_us);
	uint64_t begin = now_ns();
	if (fd < 0 || !measure(fd, samples_us, count)) {
		perror(argv[1]);
		return 1;
	}
	double took = (double)(now_ns() - begin) / 1e9;
	qsort(samples_us, count, sizeof *samples_us, compare_u32);
	printf("{\"per_s\":%.0f,\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u}\n", (double)count / took,
		samples_us[count / 2], samples_us[(count - 1) * 99 / 100], samples_us[count - 1]);
	close(fd);
	unlink(argv[1]);
	free(samples_us);
	return 0;
}
