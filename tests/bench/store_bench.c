/*
 * What the store does on this disk, as ratios to what the disk itself does in the same run.
 *
 *   store_bench FOLDER rate  [ROUNDS]     durable entries a second with 1, 16, 64 and 256 waiting, against fdatasync
 *   store_bench FOLDER grow  [EVENTS...]  inserts, pages, filters and look-ups in stores of these sizes, by turns with one
 *                                         of 10000 (100000 1000000)
 *   store_bench FOLDER tail  [EVENTS] [SECONDS]   time to acknowledge 1,600 events a second while pages are carried
 *
 * FOLDER must be on the disk that is meant; its store.db is made anew (`tail` takes one that is there).
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <uv.h>

#include "common/filter.h"
#include "relay/store/store.h"
#include "tests/bench/clock.h"

#define WAITING_MAX 256
#define SAMPLES_MAX 1000000
/* The oldest events of a store, unlike all others: what a filter has to find far from where it begins. */
#define RARE_EVENTS 50
#define SMALL_STORE 10000

struct bench {
	uv_loop_t loop;
	struct store *store;
	char file[512];
	int64_t endpoint, rare_endpoint;
	char *body;
	size_t body_len;
	uint64_t made;
};

/* One sender that waits for its answer. */
struct sender {
	struct bench *bench;
	struct entry entry;
	struct event event;
	char provider_id[32];
	uint64_t begun;
	bool waiting;
};

static struct sender senders[WAITING_MAX];
static uint32_t samples[SAMPLES_MAX];
static size_t sample_count;
static uint64_t stop_at;
static int running;

static const char head[] =
	"POST /e/shop/hook HTTP/1.1\r\nHost: hooks.example.com\r\nUser-Agent: "
	"GitHub-Hookshot/5be8ffe\r\n"
	"Accept: */*\r\nContent-Type: application/json\r\nX-GitHub-Event: security_advisory\r\n"
	"X-GitHub-Delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958\r\n"
	"X-Hub-Signature-256: "
	"sha256=d57c68ca6f92289e6987922ff26938930f6e66a2d161ef06abdf1859230aa23c\r\n"
	"Content-Length: 1098\r\n\r\n";

static _Noreturn void die(const char *what) {
	fprintf(stderr, "store_bench: %s\n", what);
	exit(1);
}

static void make_event(struct sender *sender) {
	struct bench *bench = sender->bench;
	uint64_t n = ++bench->made;
	uint8_t random[10];
	uint64_t mixed = n * 0x9e3779b97f4a7c15u;
	memcpy(random, &mixed, 8);
	memcpy(random + 8, &n, 2);
	snprintf(
		sender->provider_id, sizeof sender->provider_id, "evt_%016llx", (unsigned long long)mixed);
	sender->event = (struct event){.id = uuid_make((int64_t)(1700000000000 + n / 16), random),
		.received_at_ns = 1700000000000000000 + (int64_t)n,
		.peer = span_text("203.0.113.7:51034"),
		.method = span_text("POST"),
		.target = span_text("/e/shop/hook"),
		.answer_status = 200,
		.provider = span_text("github"),
		.type = span_text("security_advisory"),
		.provider_id = span_text(sender->provider_id),
		.verdict = VERDICT_VALID,
		.reason = span_text("signed with \"live\""),
		.secret = span_text("live")};
	bool rare = n <= RARE_EVENTS;
	if (rare) {
		sender->event.provider = span_text("stripe");
		sender->event.verdict = VERDICT_INVALID;
	}
	sender->entry = (struct entry){.kind = ENTRY_EVENT,
		.endpoint = rare ? bench->rare_endpoint : bench->endpoint,
		.event = &sender->event,
		.head = {head, sizeof head - 1},
		.body = {bench->body, bench->body_len}};
}

static void on_stored(void *data, struct entry *entry, const struct error *err);

static void send_one(struct sender *sender) {
	make_event(sender);
	sender->begun = now_ns();
	sender->waiting = true;
	running++;
	store_append(sender->bench->store, &sender->entry, on_stored, sender);
}

static void on_stored(void *data, struct entry *entry, const struct error *err) {
	struct sender *sender = data;
	(void)entry;
	if (err) {
		die(err->text);
	}
	uint64_t now = now_ns();
	running--;
	sender->waiting = false;
	if (sample_count < SAMPLES_MAX) {
		samples[sample_count++] = (uint32_t)((now - sender->begun) / 1000);
	}
	if (now < stop_at) {
		send_one(sender);
	}
}

/* The same, for `run_group` and filling: answers are only counted. */
static void on_counted(void *data, struct entry *entry, const struct error *err) {
	struct sender *sender = data;
	(void)entry;
	if (err) {
		die(err->text);
	}
	sender->waiting = false;
	running--;
}

static void on_endpoint(void *data, int64_t id, const struct error *err) {
	if (err) {
		die(err->text);
	}
	*(int64_t *)data = id;
}

static int64_t put_endpoint(struct bench *bench, const char *name) {
	struct endpoint_record record = {.name = span_text(name), .settings = span_text("{}")};
	int64_t id = 0;
	store_put_endpoint(bench->store, &record, on_endpoint, &id);
	while (id == 0) {
		uv_run(&bench->loop, UV_RUN_ONCE);
	}
	return id;
}

static void open_store(struct bench *bench, bool anew) {
	static const char *const endings[] = {"", "-wal", "-shm"};
	char path[640];
	for (size_t i = 0; anew && i < 3; i++) {
		snprintf(path, sizeof path, "%s%s", bench->file, endings[i]);
		unlink(path);
	}
	snprintf(path, sizeof path, "sqlite:%s", bench->file);
	struct error err = {0};
	bench->store = store_open(&bench->loop, path, NULL, &err);
	if (!bench->store) {
		die(err.text);
	}
	bench->endpoint = put_endpoint(bench, "shop");
	bench->rare_endpoint = put_endpoint(bench, "rare");
}

static void close_store(struct bench *bench) {
	store_close(bench->store, NULL, NULL);
	uv_run(&bench->loop, UV_RUN_DEFAULT);
}

static void set_body(struct bench *bench, size_t len) {
	free(bench->body);
	bench->body = malloc(len);
	for (size_t i = 0; i < len; i++) {
		bench->body[i] = "{\"id\":1296269,\"name\":\"Hello-World\"},"[i % 37];
	}
	bench->body_len = len;
}

/* Processor time of all our threads so far. */
static double cpu_us(void) {
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* Answers a second with `waiting` senders. */
static double run_rate(struct bench *bench, int waiting, double seconds) {
	sample_count = 0;
	uint64_t begun = now_ns();
	stop_at = begun + (uint64_t)(seconds * 1e9);
	for (int i = 0; i < waiting; i++) {
		senders[i].bench = bench;
		send_one(senders + i);
	}
	while (running > 0) {
		uv_run(&bench->loop, UV_RUN_ONCE);
	}
	qsort(samples, sample_count, sizeof *samples, compare_u32);
	return (double)sample_count / ((double)(now_ns() - begun) / 1e9);
}

/* Appends of 4 KiB with fdatasync a second, and the 99th percentile of one. */
static double run_disk(const struct bench *bench, double seconds, uint32_t *p99_us) {
	static uint32_t took[200000];
	char path[640], block[4096];
	snprintf(path, sizeof path, "%s.probe", bench->file);
	memset(block, 'x', sizeof block);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t count = 0;
	uint64_t begun = now_ns(), now = begun;
	while (fd >= 0 && now < begun + (uint64_t)(seconds * 1e9) && count < 200000) {
		if (write(fd, block, sizeof block) != sizeof block || fdatasync(fd) != 0) {
			die("the disk cannot be written");
		}
		uint64_t done = now_ns();
		took[count++] = (uint32_t)((done - now) / 1000);
		now = done;
	}
	close(fd);
	unlink(path);
	qsort(took, count, sizeof *took, compare_u32);
	*p99_us = count ? took[count * 99 / 100] : 0;
	return (double)count / ((double)(now - begun) / 1e9);
}

static int compare_double(const void *a, const void *b) {
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *values, int count) {
	qsort(values, (size_t)count, sizeof *values, compare_double);
	return values[count / 2];
}

static void print_load(void) {
	double load[3] = {0};
	if (getloadavg(load, 3) > 0) {
		printf("load %.2f\n", load[0]);
	}
}

static void bench_rate(struct bench *bench, int rounds) {
	static const int waiting[] = {1, 16, 64, 256};
	static const size_t bodies[] = {1098, 16856};
	double rates[2][4][32], disk[32];
	uint32_t p99;
	rounds = rounds > 32 ? 32 : rounds;
	print_load();
	for (int round = 0; round < rounds; round++) {
		disk[round] = run_disk(bench, 0.5, &p99);
		for (int body = 0; body < 2; body++) {
			set_body(bench, bodies[body]);
			open_store(bench, round == 0 && body == 0);
			for (int at = 0; at < 4; at++) {
				double cpu = cpu_us();
				rates[body][at][round] = run_rate(bench, waiting[at], 0.7);
				printf("  round %d body %zu waiting %d: %.0f/s, p50 %u us, p99 %u us, cpu %.0f us "
					   "each\n",
					round, bodies[body], waiting[at], rates[body][at][round],
					samples[sample_count / 2], samples[sample_count * 99 / 100],
					(cpu_us() - cpu) / (double)sample_count);
			}
			struct store_state state = store_state(bench->store);
			printf("  %.1f entries and %.0f us a commit\n",
				(double)state.group_entries / (double)state.groups,
				(double)state.commit_us / (double)state.groups);
			close_store(bench);
		}
	}
	double floor = median(disk, rounds);
	printf("fdatasync of 4 KiB: %.0f/s\n", floor);
	for (int body = 0; body < 2; body++) {
		double one = median(rates[body][0], rounds);
		for (int at = 0; at < 4; at++) {
			double rate = median(rates[body][at], rounds);
			printf("body %5zu, %3d waiting: %6.0f/s, %.2f of fdatasync, %.1f x one waiting\n",
				bodies[body], waiting[at], rate, rate / floor, rate / one);
		}
	}
	print_load();
}

/* Stores `count` events and waits for all. */
static void run_group(struct bench *bench, int count) {
	for (int i = 0; i < count; i++) {
		senders[i].bench = bench;
		make_event(senders + i);
		running++;
		store_append(bench->store, &senders[i].entry, on_counted, senders + i);
	}
	while (running > 0) {
		uv_run(&bench->loop, UV_RUN_ONCE);
	}
}

static bool keep_id(void *data, const struct entry *entry) {
	*(struct uuid *)data = entry->event->id;
	return true;
}

struct reading {
	struct uuid id;
	int hits;
	bool done;
};

static bool on_hit(void *data, const struct entry *entry) {
	struct reading *reading = data;
	reading->hits++;
	return keep_id(&reading->id, entry);
}

static void on_read(void *data, const struct error *err) {
	if (err) {
		die(err->text);
	}
	((struct reading *)data)->done = true;
}

static struct reading read_once(struct bench *bench, const struct store_query *query) {
	struct reading reading = {0};
	store_read(bench->store, query, on_hit, on_read, &reading);
	while (!reading.done) {
		uv_run(&bench->loop, UV_RUN_ONCE);
	}
	return reading;
}

/* One sample, in microseconds. `query` NULL: 64 events are stored. */
static double time_once(struct bench *bench, const struct store_query *query) {
	uint64_t begun = now_ns();
	if (query) {
		read_once(bench, query);
	} else {
		run_group(bench, 64);
	}
	return (double)(now_ns() - begun) / 1e3;
}

static void fill(struct bench *bench, uint64_t events) {
	uint64_t begun = now_ns(), had = bench->made;
	while (bench->made < events) {
		uint64_t rest = events - bench->made;
		run_group(bench, rest < WAITING_MAX ? (int)rest : WAITING_MAX);
	}
	double seconds = (double)(now_ns() - begun) / 1e9;
	if (bench->made > had) {
		printf("filled %llu, %.0f/s\n", (unsigned long long)bench->made,
			(double)(bench->made - had) / seconds);
	}
}

/* What is measured in stores of different sizes. */
enum measure {
	INSERT,
	NEWEST,
	PAGE,
	PAGE_OF_ONE,
	PAGE_OF_RARE,
	BY_ID,
	WITH_BODY,
	BY_PROVIDER,
	BY_VERDICT,
	BY_ENDPOINT,
	BY_NOTHING,
	BY_TYPE,
	MEASURES
};

static const struct {
	const char *name, *filter;
	int samples;
} measures[MEASURES] = {
	[INSERT] = {"insert 64", NULL, 200},
	[NEWEST] = {"newest 50", NULL, 200},
	[PAGE] = {"page in the middle", NULL, 200},
	[PAGE_OF_ONE] = {"page of an endpoint", NULL, 200},
	[PAGE_OF_RARE] = {"page of a quiet endpoint", NULL, 200},
	[BY_ID] = {"look-up by id", NULL, 200},
	[WITH_BODY] = {"look-up with body", NULL, 200},
	[BY_PROVIDER] = {"filter provider:, 50 oldest", "provider:stripe", 100},
	[BY_VERDICT] = {"filter verdict:, 50 oldest", "verdict:invalid", 100},
	[BY_ENDPOINT] = {"filter endpoint:, 50 oldest", "endpoint:rare", 100},
	[BY_NOTHING] = {"filter is:, no hit", "is:undelivered verdict:expired", 100},
	[BY_TYPE] = {"filter type: (a scan), no hit", "type:none", 1},
};

static struct store_query query_of(struct bench *bench, enum measure measure) {
	struct store_query query = {.events = true, .newest_first = true, .limit = 50};
	int64_t middle = (int64_t)bench->made / 2;
	if (measure >= PAGE && measure <= WITH_BODY) {
		query.beyond = middle;
	}
	if (measure == PAGE_OF_ONE || measure == PAGE_OF_RARE) {
		query.endpoint = measure == PAGE_OF_ONE ? bench->endpoint : bench->rare_endpoint;
	}
	if (measure == BY_ID || measure == WITH_BODY) {
		return (struct store_query){.events = true,
			.by_id = true,
			.id = read_once(bench, &query).id,
			.content = measure == WITH_BODY};
	}
	struct error err = {0};
	if (measures[measure].filter) {
		query.filter = filter_parse(span_text(measures[measure].filter), &err);
	} else if (measure < BY_ID) {
		query.attempts = true;
	}
	return query;
}

/* By turns in both stores, so that whatever else the machine does meets them alike. */
static void compare(struct bench *small, struct bench *large, enum measure measure) {
	struct bench *const both[2] = {small, large};
	struct store_query queries[2] = {query_of(small, measure), query_of(large, measure)};
	double took[2][200];
	for (int i = 0; i < measures[measure].samples; i++) {
		for (int which = 0; which < 2; which++) {
			took[which][i] = time_once(both[which], measure == INSERT ? NULL : queries + which);
		}
	}
	double us[2];
	for (int which = 0; which < 2; which++) {
		us[which] = median(took[which], measures[measure].samples);
		filter_free((struct filter *)queries[which].filter);
	}
	printf("%8llu events: %-30s %9.1f us, %.2f x the %.1f us of %d\n",
		(unsigned long long)large->made, measures[measure].name, us[1], us[1] / us[0], us[0],
		SMALL_STORE);
}

static void bench_growth(struct bench *large, int count, char **sizes) {
	static char *const defaults[] = {"100000", "1000000"};
	static struct bench small;
	print_load();
	snprintf(small.file, sizeof small.file, "%.500s-small", large->file);
	uv_loop_init(&small.loop);
	set_body(&small, 1098);
	set_body(large, 1098);
	open_store(&small, true);
	open_store(large, true);
	fill(&small, SMALL_STORE);
	for (int i = 0; i < (count ? count : 2); i++) {
		fill(large, strtoull(count ? sizes[i] : defaults[i], NULL, 10));
		sync(); /* or what is measured pays for the filling */
		for (int measure = 0; measure < MEASURES; measure++) {
			compare(&small, large, (enum measure)measure);
		}
		printf("%8llu events: %.0f bytes an event\n", (unsigned long long)large->made,
			(double)store_state(large->store).bytes / (double)large->made);
	}
	close_store(&small);
	close_store(large);
	uv_loop_close(&small.loop);
	free(small.body);
	print_load();
}

/* 100 bursts a second of 16 events, timed from when each was due. */
static void bench_tail(struct bench *bench, uint64_t events, int seconds) {
	uint32_t disk_p99;
	set_body(bench, 1098);
	open_store(bench, access(bench->file, F_OK) != 0);
	struct store_query newest = {.events = true, .newest_first = true, .limit = 1};
	bench->made = read_once(bench, &newest).hits ? events : 0;
	fill(bench, events);
	bench->made = (uint64_t)now_ns(); /* ids of its own */
	double rate = run_disk(bench, 1, &disk_p99);
	sample_count = 0;
	stop_at = 0;
	uint64_t due = now_ns();
	for (int burst = 0; burst < seconds * 100; burst++, due += 10000000) {
		while (now_ns() < due) {
			uv_run(&bench->loop, UV_RUN_NOWAIT);
			usleep(200);
		}
		for (int i = 0; i < 16; i++) {
			senders[i].bench = bench;
			send_one(senders + i);
			senders[i].begun = due;
		}
		while (running > 0) {
			uv_run(&bench->loop, UV_RUN_ONCE);
		}
	}
	qsort(samples, sample_count, sizeof *samples, compare_u32);
	uint32_t p99 = samples[sample_count * 99 / 100];
	printf("fdatasync %.0f/s, p99 %u us\n1600 events/s: p50 %u us, p99 %u us (%.1f x fdatasync), "
		   "p99.9 %u us, max %u us\n",
		rate, disk_p99, samples[sample_count / 2], p99, (double)p99 / disk_p99,
		samples[sample_count * 999 / 1000], samples[sample_count - 1]);
	close_store(bench);
}

int main(int argc, char **argv) {
	static struct bench bench;
	if (argc < 3) {
		fprintf(stderr, "usage: store_bench FOLDER rate|grow|tail ...\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(bench.file, sizeof bench.file, "%s/store.db", argv[1]);
	uv_loop_init(&bench.loop);
	if (strcmp(argv[2], "rate") == 0) {
		bench_rate(&bench, argc > 3 ? atoi(argv[3]) : 3);
	} else if (strcmp(argv[2], "grow") == 0) {
		bench_growth(&bench, argc - 3, argv + 3);
	} else {
		bench_tail(&bench, argc > 3 ? strtoull(argv[3], NULL, 10) : 1000000,
			argc > 4 ? atoi(argv[4]) : 10);
	}
	uv_loop_close(&bench.loop);
	free(bench.body);
	return 0;
}
