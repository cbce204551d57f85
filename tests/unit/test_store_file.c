/* Whose file a store opens, from which version, in which state; and who else may have it open. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

static struct store_bed bed;

static int make(void **state) {
	(void)state;
	store_bed_make(&bed, false);
	return 0;
}

static int take_away(void **state) {
	(void)state;
	store_bed_remove(&bed);
	return 0;
}

static void run_sql(const char *path, const char *sql) {
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	char *error = NULL;
	sqlite3_exec(db, sql, NULL, NULL, &error);
	assert_null(error);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void write_file(const char *path, const char *bytes, size_t len) {
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

static char *read_whole(const char *path, size_t *len) {
	struct stat info;
	assert_int_equal(stat(path, &info), 0);
	*len = (size_t)info.st_size;
	char *bytes = malloc(*len + 1);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(bytes, 1, *len, file), *len);
	bytes[*len] = '\0';
	fclose(file);
	return bytes;
}

static int mode_of(const char *path) {
	struct stat info;
	assert_int_equal(stat(path, &info), 0);
	return (int)(info.st_mode & 07777);
}

static void folders_and_files_are_for_us_alone(void **state) {
	(void)state;
	char folder[128], path[160];
	snprintf(folder, sizeof folder, "%s/new", bed.folder);
	snprintf(bed.file, sizeof bed.file, "%s/new/s.db", bed.folder);
	snprintf(bed.url, sizeof bed.url, "sqlite:%s", bed.file);
	mode_t before = umask(0);
	store_bed_open(&bed, NULL);
	store_bed_endpoint(&bed, "shop");
	assert_int_equal(mode_of(folder), 0700);
	static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		snprintf(path, sizeof path, "%s%s", bed.file, endings[i]);
		assert_int_equal(mode_of(path), 0600);
	}
	umask(before);
	store_bed_close(&bed);
	unlink(bed.file);
	snprintf(path, sizeof path, "%s.lock", bed.file);
	unlink(path);
	rmdir(folder);
}

static void a_second_store_on_one_file_is_refused(void **state) {
	(void)state;
	store_bed_open(&bed, NULL);
	struct store_bed second;
	store_bed_make(&second, true);
	snprintf(second.url, sizeof second.url, "%s", bed.url);
	struct error err = store_bed_refused(&second);
	char wanted[200];
	snprintf(wanted, sizeof wanted, "%s is in use by hookline-relay, pid %d", bed.file, getpid());
	assert_string_equal(err.text, wanted);
	assert_int_equal(err.code, ERROR_IO);
	char link[128];
	snprintf(link, sizeof link, "%s/link.db", bed.folder);
	assert_int_equal(symlink(bed.file, link), 0);
	snprintf(second.url, sizeof second.url, "sqlite:%s", link);
	assert_string_equal(store_bed_refused(&second).text, wanted);
	unlink(link);
	snprintf(second.url, sizeof second.url, "%s", bed.url);
	store_bed_close(&bed);
	store_bed_open(&second, NULL);
	store_bed_remove(&second);
}

static void a_process_that_died_holds_nothing(void **state) {
	(void)state;
	pid_t pid = fork();
	if (pid == 0) {
		uv_loop_fork(&bed.loop);
		store_bed_open(&bed, NULL);
		store_bed_add(&bed, store_bed_endpoint(&bed, "shop"), "x");
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	store_bed_open(&bed, NULL);
	struct store_query query = {.events = true};
	assert_string_equal(store_bed_order(&bed, &query), "e1");
}

static void a_newer_store_is_refused_as_it_is(void **state) {
	(void)state;
	store_bed_open(&bed, NULL);
	store_bed_close(&bed);
	run_sql(bed.file, "PRAGMA user_version = 99");
	struct error err = store_bed_refused(&bed);
	assert_non_null(strstr(err.text, "was written by a newer hookline-relay (store version 99"));
	assert_int_equal(err.code, ERROR_IO);
	assert_int_equal(store_bed_ask(&bed, "PRAGMA user_version"), 99);
}

static void a_database_of_another_program_is_left_alone(void **state) {
	(void)state;
	run_sql(bed.file, "CREATE TABLE bookmark(url TEXT)");
	size_t before, after;
	char *was = read_whole(bed.file, &before);
	struct error err = store_bed_refused(&bed);
	assert_non_null(strstr(err.text, "is a database of another program"));
	char *is = read_whole(bed.file, &after);
	assert_int_equal(before, after);
	assert_memory_equal(was, is, before);
	free(was);
	free(is);
}

static void a_file_that_is_no_database_is_refused(void **state) {
	(void)state;
	char text[5000];
	memset(text, 'x', sizeof text);
	write_file(bed.file, text, sizeof text);
	struct error err = store_bed_refused(&bed);
	assert_int_equal(err.code, ERROR_IO);
	assert_non_null(strstr(err.text, "is damaged, or no store of hookline"));
}

static void what_is_no_store_gets_no_lock_beside_it(void **state) {
	(void)state;
	char lock[160];
	snprintf(lock, sizeof lock, "%s.lock", bed.file);
	write_file(bed.file, "no database at all", 18);
	store_bed_refused(&bed);
	assert_int_equal(access(lock, F_OK), -1);
	write_file(lock, "1\n", 2); /* of a relay that was here before */
	store_bed_refused(&bed);
	assert_int_equal(access(lock, F_OK), 0);
}

static void what_cannot_be_opened_says_why(void **state) {
	(void)state;
	struct error err = {0};
	char url[160];
	snprintf(url, sizeof url, "sqlite:%s", bed.folder);
	assert_null(store_open(&bed.loop, url, NULL, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_non_null(strstr(err.text, "Is a directory"));
	assert_null(store_open(&bed.loop, "sqlite:/proc/no/such/store.db", NULL, &err));
	assert_non_null(strstr(err.text, "make folder /proc/no"));
}

static void unknown_urls_are_refused(void **state) {
	(void)state;
	struct error err = {0};
	assert_null(store_open(&bed.loop, "mysql:x", NULL, &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_string_equal(err.text, "unknown kind of store \"mysql:x\", expected sqlite:FILE");
	assert_null(store_open(&bed.loop, "sqlite:", NULL, &err));
	assert_int_equal(err.code, ERROR_CONFIG);
}

static void make_version_1(void) {
	char path[512];
	const char *source = getenv("HOOKLINE_SOURCE");
	snprintf(path, sizeof path, "%s/tests/unit/store_version_1.sql", source ? source : ".");
	size_t len;
	char *sql = read_whole(path, &len);
	run_sql(bed.file, sql);
	free(sql);
}

static bool same_secret(void *data, const struct secret_record *record) {
	++*(int *)data;
	assert_true(span_is(record->label, "live"));
	assert_int_equal(record->sealed.len, 2);
	return true;
}

static bool count_refusal(void *data, const struct refusal *refusal) {
	(void)refusal;
	++*(int *)data;
	return true;
}

static void a_store_of_version_1_comes_along(void **state) {
	(void)state;
	make_version_1();
	store_bed_open(&bed, NULL);
	assert_string_equal(store_id(bed.store), "018bcfe5-6800-7000-8000-000000000001");
	struct store_query query = {.events = true, .attempts = true, .content = true};
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	assert_int_equal(hits.count, 3);
	assert_true(span_is(hits.all[0].event->endpoint, "shop"));
	assert_true(span_is(hits.all[0].event->secret, "live"));
	assert_int_equal(hits.all[0].event->handshake.len + hits.all[0].event->answer.len, 0);
	assert_int_equal(hits.all[0].event->recipe.len, 0);
	assert_string_equal(buffer_text(&hits.all[1].body), "second");
	assert_int_equal(hits.all[2].attempt->event_seq, 1);
	store_bed_free(&hits);
	assert_int_equal(store_bed_add(&bed, 1, "goes on"), 4);

	struct error err = {0};
	int secrets = 0, refusals = 0;
	assert_true(store_each_secret(bed.store, same_secret, &secrets, &err));
	assert_int_equal(secrets, 1);
	store_add_refusal(bed.store, &(struct refusal){.at_ns = 1, .status = 400});
	store_bed_add(&bed, 1, "the refusal goes with it");
	assert_true(store_each_refusal(bed.store, 0, count_refusal, &refusals, &err));
	assert_int_equal(refusals, 1);
}

static int64_t repeat_of(const char *provider_id) {
	struct store_bed_entry made;
	store_bed_event(&made, 1, "x");
	made.event.provider_id = span_text(provider_id);
	store_bed_append(&bed, &made);
	return made.event.repeat;
}

static void deliveries_of_version_1_are_known_to_be_repeated(void **state) {
	(void)state;
	make_version_1();
	for (int64_t repeat = 2; repeat <= 4; repeat++) {
		store_bed_open(&bed, NULL);
		assert_int_equal(repeat_of("evt_1"), repeat);
		assert_int_equal(repeat_of("evt_2"), repeat - 1);
		store_bed_close(&bed);
	}
	store_bed_open(&bed, NULL);
}

/* In groups; those in front of `with_id` have an id of their provider. */
static void add_deliveries(int64_t endpoint, int count, int with_id) {
	enum { AT_ONCE = 250 };
	static struct store_bed_entry made[AT_ONCE];
	static char ids[AT_ONCE][16];
	for (int number = 0; number < count; number += AT_ONCE) {
		for (int i = 0; i < AT_ONCE; i++) {
			snprintf(ids[i], sizeof ids[i], "evt_%d", number + i);
			store_bed_event(&made[i], endpoint, "x");
			made[i].event.provider_id = span_text(number + i < with_id ? ids[i] : "");
			store_bed_queue(&bed, &made[i]);
		}
		store_bed_wait(&bed, &made[AT_ONCE - 1].done);
	}
}

/* Those in a run, those behind it, and those with many in between that have no id. */
static void deliveries_are_known_after_a_restart(void **state) {
	(void)state;
	enum { WITH_ID = 1500, COUNT = 18000 };
	static const char runs[] = "SELECT count(*) FROM delivery_run";
	static const char newest[] = "SELECT pos FROM delivery_run ORDER BY id DESC LIMIT 1";
	store_bed_open(&bed, NULL);
	add_deliveries(store_bed_endpoint(&bed, "shop"), WITH_ID, WITH_ID);
	for (int64_t repeat = 2; repeat <= 3; repeat++) {
		store_bed_close(&bed);
		assert_int_equal(store_bed_ask(&bed, runs), 1);
		store_bed_open(&bed, NULL);
		assert_int_equal(repeat_of("evt_0"), repeat);
		assert_int_equal(repeat_of("evt_1023"), repeat);
		assert_int_equal(repeat_of("evt_1499"), repeat);
		assert_int_equal(repeat_of(repeat == 2 ? "evt_1500" : "evt_1501"), 1);
	}
	assert_int_equal(store_bed_ask(&bed, newest), 1024);
	add_deliveries(1, COUNT, 0);
	store_bed_close(&bed);
	assert_int_equal(store_bed_ask(&bed, runs), 2);
	assert_int_equal(store_bed_ask(&bed, newest), 1024 + 16384);
	store_bed_open(&bed, NULL);
	assert_int_equal(repeat_of("evt_0"), 4);
	assert_int_equal(repeat_of("evt_1400"), 2);
	assert_int_equal(repeat_of("evt_1501"), 2);
}

static void a_migration_that_fails_changes_nothing(void **state) {
	(void)state;
	make_version_1();
	run_sql(bed.file, "CREATE TABLE refusal(in_the_way TEXT)");
	struct error err = store_bed_refused(&bed);
	assert_non_null(strstr(err.text, "store version 1 to 2"));
	assert_int_equal(store_bed_ask(&bed, "PRAGMA user_version"), 1);
	assert_int_equal(store_bed_ask(&bed, "SELECT count(*) FROM event"), 2);
}

static void a_migrated_store_is_like_a_new_one(void **state) {
	(void)state;
	static const char sql[] =
		"SELECT sum(length(replace(replace(replace(replace(sql, char(10), ''),"
		" char(9), ''), ' ', ''), ',', ''))) FROM sqlite_schema";
	make_version_1();
	store_bed_open(&bed, NULL);
	store_bed_close(&bed);
	int64_t migrated = store_bed_ask(&bed, sql);
	unlink(bed.file);
	store_bed_open(&bed, NULL);
	store_bed_close(&bed);
	assert_int_equal(store_bed_ask(&bed, sql), migrated);
}

static void a_store_goes_on_where_it_was(void **state) {
	(void)state;
	store_bed_open(&bed, NULL);
	int64_t shop = store_bed_endpoint(&bed, "shop");
	store_bed_add(&bed, shop, "x");
	char id[UUID_TEXT_LEN + 1];
	snprintf(id, sizeof id, "%s", store_id(bed.store));
	store_bed_close(&bed);
	store_bed_open(&bed, NULL);
	assert_string_equal(store_id(bed.store), id);
	assert_int_equal(store_bed_endpoint(&bed, "shop"), shop);
	assert_int_equal(store_bed_add(&bed, shop, "x"), 2);
	struct store_query query = {.events = true};
	assert_string_equal(store_bed_order(&bed, &query), "e1 e2");
}

static void a_removal_that_was_cut_short_is_finished_later(void **state) {
	(void)state;
	store_bed_open(&bed, NULL);
	int64_t shop = store_bed_endpoint(&bed, "shop");
	for (int i = 0; i < 5; i++) {
		store_bed_add(&bed, shop, "x");
	}
	store_bed_close(&bed);
	run_sql(bed.file, "UPDATE endpoint SET name = NULL");
	store_bed_open(&bed, NULL);
	int64_t other = store_bed_endpoint(&bed, "other");
	for (int i = 1; i <= 5; i++) {
		assert_int_equal(store_bed_add(&bed, other, "x"), i);
	}
	store_bed_close(&bed);
	assert_int_equal(store_bed_ask(&bed, "SELECT count(*) FROM event"), 5);
	assert_int_equal(store_bed_ask(&bed, "SELECT count(*) FROM content"), 5);
	assert_int_equal(store_bed_ask(&bed, "SELECT count(*) FROM endpoint"), 1);
}

/* A small store with some of everything, as bytes. */
static char *sample(size_t *len) {
	store_bed_open(&bed, NULL);
	int64_t shop = store_bed_endpoint(&bed, "shop");
	char body[9000];
	memset(body, 'b', sizeof body);
	for (int i = 0; i < 40; i++) {
		struct store_bed_entry event, attempt;
		store_bed_event(&event, shop, "");
		event.entry.body = (struct span){body, i % 4 ? 300 : sizeof body};
		store_bed_append(&bed, &event);
		store_bed_attempt(&attempt, &event, 200);
		store_bed_append(&bed, &attempt);
	}
	store_bed_close(&bed);
	return read_whole(bed.file, len);
}

/* Whatever is in the file: right data or an error, and an append that says how it went. */
static void use_damaged(void) {
	struct error err = {0};
	bed.store = store_open(&bed.loop, bed.url, NULL, &err);
	if (!bed.store) {
		assert_int_not_equal(err.code, ERROR_NONE);
		uv_run(&bed.loop, UV_RUN_DEFAULT);
		return;
	}
	struct store_query query = {.events = true, .attempts = true, .content = true};
	for (int back = 0; back < 2; back++) {
		query.newest_first = back;
		struct store_bed_hits hits = store_bed_read(&bed, &query);
		store_bed_free(&hits);
	}
	struct store_bed_entry made;
	store_bed_event(&made, 1, "x");
	store_bed_append(&bed, &made);
	assert_true(made.event.seq > 0 || made.err.code != ERROR_NONE);
	store_bed_close(&bed);
}

static void flipped_bits_never_crash_it(void **state) {
	(void)state;
	size_t len;
	char *good = sample(&len);
	uint32_t dice = 7;
	for (int round = 0; round < 300; round++) {
		dice = dice * 1664525 + 1013904223;
		size_t at = round < 100 ? (size_t)round : (dice >> 4) % len;
		char was = good[at];
		good[at] = (char)(was ^ 1 << (dice >> 29));
		write_file(bed.file, good, len);
		good[at] = was;
		use_damaged();
	}
	free(good);
}

static void a_file_cut_short_never_crashes_it(void **state) {
	(void)state;
	size_t len;
	char *good = sample(&len);
	for (size_t cut = 1; cut < 60; cut++) {
		write_file(bed.file, good, len * cut / 60);
		use_damaged();
	}
	free(good);
}

static void the_log_stays_small_under_load(void **state) {
	(void)state;
	enum { COUNT = 4000 };
	store_bed_open(&bed, &(struct store_options){.wal_bytes = 2 << 20});
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry *made = calloc(COUNT, sizeof *made);
	char body[4000];
	memset(body, 'b', sizeof body);
	for (int i = 0; i < COUNT; i++) {
		store_bed_event(made + i, shop, "");
		made[i].entry.body = (struct span){body, sizeof body};
		store_bed_queue(&bed, made + i);
	}
	store_bed_wait(&bed, &made[COUNT - 1].done);
	char log[128];
	snprintf(log, sizeof log, "%s-wal", bed.file);
	struct stat info;
	assert_int_equal(stat(log, &info), 0);
	assert_true(info.st_size < 8 << 20);
	free(made);
}

/* The lowest that is free: as many as are open, since a test leaves no gaps. */
static int descriptors(void) {
	int file = dup(STDERR_FILENO);
	assert_true(file >= 0);
	close(file);
	return file;
}

/* Its connections are opened on several threads: none may be missing because there was no descriptor left for it. */
static void without_descriptors_it_is_refused_and_leaves_none_open(void **state) {
	(void)state;
	store_bed_open(&bed, NULL);
	int needed = descriptors();
	store_bed_close(&bed);
	struct rlimit all, few;
	getrlimit(RLIMIT_NOFILE, &all);
	int before = descriptors(), most = before;
	assert_true(needed - before > 6); /* lock, log's index, and file and log of four connections */
	for (struct error err = {0}; !bed.store; most += !bed.store) {
		few = (struct rlimit){.rlim_cur = (rlim_t)most, .rlim_max = all.rlim_max};
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
		bed.store = store_open(&bed.loop, bed.url, NULL, &err);
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &all), 0);
		if (!bed.store) {
			assert_non_null(strstr(err.text, "Too many open files"));
			uv_run(&bed.loop, UV_RUN_DEFAULT);
			assert_int_equal(descriptors(), before);
			err = (struct error){0};
		}
	}
	assert_true(most >= needed);
	struct store_bed_entry made;
	store_bed_event(&made, store_bed_endpoint(&bed, "shop"), "x");
	store_bed_append(&bed, &made);
	assert_int_equal(made.err.code, ERROR_NONE);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make, take_away)

int main(void) {
	const struct CMUnitTest tests[] = {
		CASE(folders_and_files_are_for_us_alone),
		CASE(a_second_store_on_one_file_is_refused),
		CASE(a_process_that_died_holds_nothing),
		CASE(a_newer_store_is_refused_as_it_is),
		CASE(a_database_of_another_program_is_left_alone),
		CASE(a_file_that_is_no_database_is_refused),
		CASE(what_is_no_store_gets_no_lock_beside_it),
		CASE(what_cannot_be_opened_says_why),
		CASE(unknown_urls_are_refused),
		CASE(a_store_of_version_1_comes_along),
		CASE(deliveries_of_version_1_are_known_to_be_repeated),
		CASE(deliveries_are_known_after_a_restart),
		CASE(a_migration_that_fails_changes_nothing),
		CASE(a_migrated_store_is_like_a_new_one),
		CASE(a_store_goes_on_where_it_was),
		CASE(a_removal_that_was_cut_short_is_finished_later),
		CASE(flipped_bits_never_crash_it),
		CASE(a_file_cut_short_never_crashes_it),
		CASE(the_log_stays_small_under_load),
		CASE(without_descriptors_it_is_refused_and_leaves_none_open),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
