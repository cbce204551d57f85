#include "relay/store/sqlite_thread.h"

static void run(void *data) {
	struct sqlite_thread *thread = data;
	bool is_open = thread->is_open = thread->open(thread->data, &thread->err);
	uv_sem_post(&thread->opened);
	if (is_open) {
		thread->work(thread->data);
	}
}

bool sqlite_thread_start(struct sqlite_thread *thread, bool (*open)(void *data, struct error *err),
	void (*work)(void *data), void *data, struct error *err) {
	*thread = (struct sqlite_thread){.open = open, .work = work, .data = data};
	uv_sem_init(&thread->opened, 0);
	thread->running = uv_thread_create(&thread->thread, run, thread) == 0;
	if (!thread->running) {
		uv_sem_destroy(&thread->opened);
		return error_set(err, ERROR_IO, "no thread for the store can be made");
	}
	return true;
}

bool sqlite_thread_opened(struct sqlite_thread *thread, struct error *err) {
	uv_sem_wait(&thread->opened);
	if (!thread->is_open) {
		*err = thread->err;
	}
	return thread->is_open;
}

void sqlite_thread_join(struct sqlite_thread *thread) {
	uv_thread_join(&thread->thread);
	uv_sem_destroy(&thread->opened);
	thread->running = false;
}
