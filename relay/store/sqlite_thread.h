/* A thread that opens something of its own first, so that several do so side by side; whoever started it learns how that went. */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "common/error.h"

struct sqlite_thread {
	uv_thread_t thread;
	uv_sem_t opened;
	bool running; /* started and not joined */
	bool is_open;
	struct error err;
	bool (*open)(void *data, struct error *err);
	void (*work)(void *data);
	void *data;
};

/* On the thread: `open`, and if that is true, `work`. False and `err`: there is none. */
bool sqlite_thread_start(struct sqlite_thread *thread, bool (*open)(void *data, struct error *err),
	void (*work)(void *data), void *data, struct error *err);
/* Once: waits for `open`. False: `err` says why it failed, and the thread has only to be joined. */
bool sqlite_thread_opened(struct sqlite_thread *thread, struct error *err);
/* Waits until `work` has returned. */
void sqlite_thread_join(struct sqlite_thread *thread);
