/* Disks fill up, fail and lose power; what was acknowledged stays, and numbers have no gap. */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/fault_vfs.h"
#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

static struct store_bed bed;

static int make(void **state) {
	(void)state;
	fault_vfs_install();
	store_bed_make(&bed, false);
	store_bed_open(&bed, NULL);
	return 0;
}

static int take_away(void **state) {
	(void)state;
	store_bed_remove(&bed);
	fault_vfs_remove();
	return 0;
}

/* Every event whose body says "yes" is there once, in order, without a gap; none says "no". */
static void assert_kept(struct store_bed *in, int64_t endpoint, int64_t acknowledged) {
	struct store_query query = {.endpoint = endpoint, .events = true, .content = true};
	struct store_bed_hits hits = store_bed_read(in, &query);
	assert_string_equal(hits.err.text, "");
	int64_t last = 0;
	for (size_t i = 0; i < hits.count; i++) {
		assert_int_equal(hits.all[i].event->seq, i + 1);
		int64_t number = atoll(buffer_text(&hits.all[i].body));
		assert_true(number > last);
		last = number;
	}
	assert_int_equal(hits.count, acknowledged);
	store_bed_free(&hits);
}

static struct store_bed_entry append_numbered(int64_t endpoint, int64_t number) {
	static char body[32];
	struct store_bed_entry made;
	snprintf(body, sizeof body, "%lld", (long long)number);
	store_bed_event(&made, endpoint, body);
	store_bed_append(&bed, &made);
	return made;
}

static void every_commit_is_flushed_before_it_is_told(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	for (int i = 0; i < 50; i++) {
		int64_t before = fault_vfs_log_syncs();
		store_bed_add(&bed, shop, "x");
		assert_true(fault_vfs_log_syncs() > before);
	}
}

static void a_full_disk_refuses_and_recovers_without_a_restart(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop"), kept = 0;
	for (int64_t i = 1; i <= 60; i++) {
		bool full = i > 20 && i <= 40;
		fault_vfs_fail_writes(full ? FAULT_NO_SPACE : FAULT_NONE, 1);
		struct store_bed_entry made = append_numbered(shop, i);
		assert_int_equal(made.err.code, full ? ERROR_FULL : ERROR_NONE);
		assert_int_equal(made.event.seq, full ? 0 : ++kept);
		assert_int_equal(store_state(bed.store).ready, !full);
		assert_int_equal(store_state(bed.store).failed_in_row, 0);
	}
	assert_kept(&bed, shop, 40);
	store_bed_close(&bed);
	store_bed_open(&bed, NULL);
	assert_kept(&bed, shop, 40);
}

static void a_disk_that_is_full_says_so(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	fault_vfs_fail_writes(FAULT_NO_SPACE, 1);
	append_numbered(shop, 1);
	struct store_state seen = store_state(bed.store);
	assert_non_null(strstr(seen.trouble, "no space left on the disk"));
	fault_vfs_fail_writes(FAULT_NONE, 1);
	while (!store_state(bed.store).ready) {
		usleep(1000);
	}
}

static void failed_flushes_are_counted_until_one_works(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	append_numbered(shop, 1);
	fault_vfs_fail_syncs(FAULT_IO, 1);
	for (int i = 1; i <= 3; i++) {
		struct store_bed_entry made = append_numbered(shop, 100 + i);
		assert_int_equal(made.err.code, ERROR_IO);
		assert_int_equal(store_state(bed.store).failed_in_row, i);
	}
	fault_vfs_fail_syncs(FAULT_NONE, 1);
	assert_int_equal(append_numbered(shop, 200).event.seq, 2);
	assert_true(store_state(bed.store).ready);
	assert_int_equal(store_state(bed.store).failed_in_row, 0);
	assert_int_equal(store_state(bed.store).errors, 3);
	assert_kept(&bed, shop, 2);
}

/* What another process would find if this one died now. */
static void copy_to(const char *to, const char *ending) {
	char from[160], target[160];
	snprintf(from, sizeof from, "%s%s", bed.file, ending);
	snprintf(target, sizeof target, "%s%s", to, ending);
	FILE *in = fopen(from, "rb"), *out = fopen(target, "wb");
	assert_true(in && out);
	for (int byte; (byte = getc(in)) != EOF;) {
		putc(byte, out);
	}
	fclose(in);
	fclose(out);
}

static void what_a_failed_flush_left_in_the_file_is_not_found_later(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	append_numbered(shop, 1);
	append_numbered(shop, 2);
	for (int failed = 1; failed <= 3; failed++) {
		fault_vfs_fail_syncs(FAULT_IO, 1);
		assert_int_equal(append_numbered(shop, 100 + failed).err.code, ERROR_IO);
		fault_vfs_fail_syncs(FAULT_NONE, 1);
		struct store_bed after;
		store_bed_make(&after, false);
		copy_to(after.file, "");
		copy_to(after.file, "-wal");
		store_bed_open(&after, NULL);
		assert_kept(&after, shop, 2);
		assert_int_equal(store_bed_add(&after, shop, "3"), 3);
		store_bed_remove(&after);
	}
}

static void a_failed_group_fails_all_of_it(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	static struct store_bed_entry made[300];
	for (int round = 0; round < 2; round++) {
		fault_vfs_fail_syncs(round ? FAULT_NONE : FAULT_IO, 1);
		for (int i = 0; i < 300; i++) {
			store_bed_event(made + i, shop, "1");
			store_bed_queue(&bed, made + i);
		}
		store_bed_wait(&bed, &made[299].done);
		for (int i = 0; i < 300; i++) {
			assert_int_equal(made[i].err.code, round ? ERROR_NONE : ERROR_IO);
			assert_int_equal(made[i].event.seq, round ? i + 1 : 0);
		}
	}
}

static void numbers_have_no_gap_on_a_disk_that_fails_now_and_then(void **state) {
	(void)state;
	enum { COUNT = 3000 };
	int64_t shop = store_bed_endpoint(&bed, "shop"), kept = 0;
	struct store_bed_entry *made = calloc(COUNT, sizeof *made);
	char(*bodies)[16] = calloc(COUNT, sizeof *bodies);
	fault_vfs_fail_writes(FAULT_NO_SPACE, 300);
	fault_vfs_fail_syncs(FAULT_IO, 10);
	for (int i = 0; i < COUNT; i++) {
		snprintf(bodies[i], sizeof bodies[i], "%d", i + 1);
		store_bed_event(made + i, shop, bodies[i]);
		store_bed_queue(&bed, made + i);
		if (i % 7 == 0) {
			store_bed_wait(&bed, &made[i].done);
		}
	}
	store_bed_wait(&bed, &made[COUNT - 1].done);
	for (int i = 0; i < COUNT; i++) {
		if (made[i].err.code == ERROR_NONE) {
			assert_int_equal(made[i].event.seq, ++kept);
		}
	}
	assert_true(kept > COUNT / 4 && kept < COUNT);
	fault_vfs_fail_writes(FAULT_NONE, 1);
	fault_vfs_fail_syncs(FAULT_NONE, 1);
	assert_kept(&bed, shop, kept);
	store_bed_close(&bed);
	store_bed_open(&bed, NULL);
	assert_kept(&bed, shop, kept);
	free(made);
	free(bodies);
}

/* A power cut at one of the flushes. */
struct cut {
	char file[128];
	int64_t acknowledged, queued;
};

struct cuts {
	struct cut all[400];
	int count;
	atomic_llong acknowledged, queued;
};

static void cut_power(void *data) {
	struct cuts *cuts = data;
	if (cuts->count == 400) {
		return;
	}
	struct cut *cut = cuts->all + cuts->count++;
	cut->acknowledged = atomic_load(&cuts->acknowledged);
	cut->queued = atomic_load(&cuts->queued);
	snprintf(cut->file, sizeof cut->file, "%s/cut%d.db", bed.folder, cuts->count);
	fault_vfs_cut_power(cut->file, cuts->count % 4 ? (uint32_t)cuts->count : 0);
}

/* Old or new state at every point, and all that was acknowledged by then. */
static void assert_survived(const struct cut *cut, int64_t endpoint) {
	struct store_bed after;
	store_bed_make(&after, true);
	snprintf(after.url, sizeof after.url, "sqlite:%s", cut->file);
	store_bed_open(&after, NULL);
	struct store_query query = {.endpoint = endpoint, .events = true, .content = true};
	struct store_bed_hits hits = store_bed_read(&after, &query);
	assert_string_equal(hits.err.text, "");
	assert_true((int64_t)hits.count >= cut->acknowledged);
	assert_true((int64_t)hits.count <= cut->queued);
	for (size_t i = 0; i < hits.count; i++) {
		assert_int_equal(hits.all[i].event->seq, i + 1);
		assert_int_equal(atoll(buffer_text(&hits.all[i].body)), i + 1);
	}
	assert_int_equal(store_bed_add(&after, endpoint, "goes on"), (int64_t)hits.count + 1);
	store_bed_free(&hits);
	store_bed_remove(&after);
	unlink(cut->file);
	char lock[160];
	snprintf(lock, sizeof lock, "%s.lock", cut->file);
	unlink(lock);
}

static void power_may_be_cut_at_any_flush(void **state) {
	(void)state;
	static struct cuts cuts;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	store_bed_close(&bed);
	/* A log so small that pages are carried into the file all the time. */
	store_bed_open(&bed, &(struct store_options){.wal_bytes = 600000});
	append_numbered(shop, 1);
	atomic_store(&cuts.acknowledged, 1);
	atomic_store(&cuts.queued, 1);
	fault_vfs_on_sync(cut_power, &cuts);
	for (int64_t i = 2; i <= 120; i++) {
		atomic_store(&cuts.queued, i);
		append_numbered(shop, i);
		atomic_store(&cuts.acknowledged, i);
	}
	fault_vfs_on_sync(NULL, NULL);
	store_bed_close(&bed);
	assert_true(cuts.count > 120);
	for (int i = 0; i < cuts.count; i++) {
		assert_survived(cuts.all + i, shop);
	}
	store_bed_open(&bed, NULL);
}

/* In a process of its own: stores events for ever, and writes the number of each one that is durable to `out`. */
static _Noreturn void store_until_killed(int out, int64_t endpoint, int32_t number) {
	enum { WAITING = 32 };
	struct store_bed_entry made[WAITING];
	char bodies[WAITING][16];
	uv_loop_fork(&bed.loop);
	store_bed_open(&bed, NULL);
	for (int i = 0; i < WAITING; i++) {
		made[i].done = true;
		made[i].event.seq = 0;
	}
	for (int at = 0;; at = (at + 1) % WAITING) {
		store_bed_wait(&bed, &made[at].done);
		int32_t stored = made[at].event.seq ? atoi(bodies[at]) : 0;
		if (stored && write(out, &stored, sizeof stored) != sizeof stored) {
			_exit(1);
		}
		snprintf(bodies[at], sizeof bodies[at], "%d", ++number);
		store_bed_event(made + at, endpoint, bodies[at]);
		store_bed_queue(&bed, made + at);
	}
}

/* Reads what is acknowledged until the pipe ends; kills the writer after `count`. */
static int32_t kill_after(pid_t pid, int in, int count, char *acknowledged) {
	int32_t number = 0, last = 0;
	while (read(in, &number, sizeof number) == sizeof number) {
		acknowledged[number] = 1;
		last = number;
		if (--count == 0) {
			kill(pid, SIGKILL);
		}
	}
	return last;
}

static void assert_acknowledged_once(int64_t endpoint, const char *acknowledged, int32_t last) {
	struct store_query query = {.endpoint = endpoint, .events = true, .content = true};
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	char *found = calloc(1000000, 1);
	for (size_t i = 0; i < hits.count; i++) {
		assert_int_equal(hits.all[i].event->seq, i + 1);
		int32_t number = atoi(buffer_text(&hits.all[i].body));
		assert_int_equal(found[number]++, 0);
	}
	for (int32_t number = 1; number <= last; number++) {
		assert_true(found[number] || !acknowledged[number]);
	}
	free(found);
	store_bed_free(&hits);
}

static void a_killed_process_loses_nothing_it_acknowledged(void **state) {
	(void)state;
	enum { ROUNDS = 20 };
	char *acknowledged = calloc(1000000, 1);
	int64_t shop = store_bed_endpoint(&bed, "shop");
	int32_t last = 0;
	for (int round = 0; round < ROUNDS; round++) {
		store_bed_close(&bed);
		int ends[2];
		assert_int_equal(pipe(ends), 0);
		pid_t pid = fork();
		if (pid == 0) {
			close(ends[0]);
			store_until_killed(ends[1], shop, last + 1000);
		}
		close(ends[1]);
		last = kill_after(pid, ends[0], 20 + round * 37, acknowledged);
		close(ends[0]);
		waitpid(pid, NULL, 0);
		store_bed_open(&bed, NULL);
		assert_acknowledged_once(shop, acknowledged, last);
	}
	free(acknowledged);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make, take_away)

int main(void) {
	const struct CMUnitTest tests[] = {
		CASE(every_commit_is_flushed_before_it_is_told),
		CASE(a_full_disk_refuses_and_recovers_without_a_restart),
		CASE(a_disk_that_is_full_says_so),
		CASE(failed_flushes_are_counted_until_one_works),
		CASE(what_a_failed_flush_left_in_the_file_is_not_found_later),
		CASE(a_failed_group_fails_all_of_it),
		CASE(numbers_have_no_gap_on_a_disk_that_fails_now_and_then),
		CASE(power_may_be_cut_at_any_flush),
		CASE(a_killed_process_loses_nothing_it_acknowledged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
