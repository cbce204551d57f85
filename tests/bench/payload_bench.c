/*
 * How long a key is held by a body: opens hostile bodies in the screen without a terminal, presses keys of every kind, while the body is
 * still being read and when all of it is, and takes the time from each key to the picture that answers it, and of each slice of what is
 * left for later. In processor time: what else the machine does is not counted. A line a body, with tabs between:
 *
 *     NAME  ms to the first full pane  ms of the longest key  the key  ms of the longest slice  slices until all is read
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/support/hostile_body.h"
#include "tui/diff/diff.h"
#include "tui/screen/layout.h"
#include "tui/screen/update.h"
#include "tui/screen/update_parts.h"
#include "tui/screen/view.h"

#define BODY_LEN ((size_t)10 * 1024 * 1024)
/* As in app.c: what is done in one turn of the loop. */
#define IDLE_BYTES (128 * 1024)
/* Turns of the loop between two keys. */
#define TURNS 3
/* More than any body takes: one that never comes to its end is to be seen. */
#define TURNS_MAX 200000

struct bench {
	struct model model;
	struct canvas canvas;
	struct event event;
	struct buffer head, body;
	double key_ms, idle_ms;
	char key[60];
	size_t turns;
	bool verbose;
};

static double now_ms(void) {
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void drop_effects(struct model *model) {
	struct effect effect;
	while (effects_take(&model->effects, &effect)) {
		effect_clear(&effect);
	}
}

/* From a message to the picture that answers it; returns the milliseconds. */
static double take(struct bench *bench, const struct msg *msg, const char *what) {
	double from = now_ms();
	update(&bench->model, msg);
	if (bench->canvas.columns != bench->model.columns || bench->canvas.rows != bench->model.rows) {
		canvas_clear(&bench->canvas);
		canvas_init(&bench->canvas, bench->model.columns, bench->model.rows, false);
	}
	view(&bench->model, &bench->canvas);
	double ms = now_ms() - from;
	if (bench->verbose && ms > 10) {
		fprintf(stderr, "  %-26s %6.1f ms\n", what, ms);
	}
	if (ms > bench->key_ms) {
		bench->key_ms = ms;
		snprintf(bench->key, sizeof bench->key, "%s", what);
	}
	drop_effects(&bench->model);
	return ms;
}

/* A turn of the loop with nothing else to do; false: nothing is left for later. */
static bool turn(struct bench *bench, double *ms) {
	double from = now_ms();
	bool more = update_idle(&bench->model, IDLE_BYTES);
	view(&bench->model, &bench->canvas);
	*ms = now_ms() - from;
	if (*ms > bench->idle_ms) {
		bench->idle_ms = *ms;
		if (bench->verbose) {
			fprintf(stderr, "  slice behind %-13s %6.1f ms\n", bench->key, *ms);
		}
	}
	bench->turns++;
	return more;
}

static void turns(struct bench *bench, size_t count) {
	double ms;
	for (size_t i = 0; i < count && turn(bench, &ms); i++) {
	}
}

static void hit_key(struct bench *bench, uint32_t key, const char *what) {
	take(bench, &(struct msg){.type = MSG_KEY, .key = key}, what);
}

static void type(struct bench *bench, const char *text, const char *what) {
	for (; *text; text++) {
		uint32_t key = *text == '\r'     ? KEY_ENTER_KEY
		               : *text == '\033' ? KEY_ESCAPE
		                                 : (unsigned char)*text;
		hit_key(bench, key, what);
	}
}

static void resize(struct bench *bench, size_t columns, size_t rows) {
	take(bench, &(struct msg){.type = MSG_RESIZE, .columns = columns, .rows = rows}, "resize");
}

/* --- a walk over all keys --- */

static const struct {
	const char *keys, *what;
} walk[] = {
	{"j", "down"},
	{"k", "up"},
	{"G", "to the end"},
	{"k", "up from the end"},
	{"g", "to the beginning"},
	{"/41\r", "find"},
	{"n", "find next"},
	{"N", "find previous"},
	{"N", "find previous"},
	{"/nowhere to be found\r", "find what is not there"},
	{"g", "to the beginning"},
	{"z", "fold"},
	{"z", "unfold"},
	{"j", "down"},
	{"z", "fold"},
	{"z", "unfold"},
	{"Z", "fold all"},
	{"G", "to the end, folded"},
	{"n", "find next, folded"},
	{"g", "to the beginning, folded"},
	{"Z", "unfold all"},
	{"yp", "copy the path"},
	{"yv", "copy the value"},
	{"yb", "copy the body"},
	{"yw", "copy all"},
	{".zz\r", "jump to a name"},
	{".\025.zz.zz\r", "jump to a path"},
	{"=\033", "filter by the value"},
	{"|cat\r", "a command"},
	{"\033", "its end"},
	{"2", "the payload"},
	{"3", "the headers"},
	{"4", "the signature"},
	{"5", "the attempts"},
	{"6", "raw"},
	{"G", "to the end, raw"},
	{"2", "the payload"},
	{"G", "to the end"},
	{"b", "another form"},
	{"G", "to the end, form 2"},
	{"b", "another form"},
	{"G", "to the end, form 3"},
	{"b", "another form"},
	{"b", "another form"},
	{"g", "to the beginning"},
	{"+", "on the whole screen"},
	{"+", "beside the list"},
};

static void move(struct bench *bench) {
	static const struct {
		uint32_t key;
		const char *what;
	} moves[] = {{KEY_PAGE_DOWN, "page down"}, {KEY_PAGE_UP, "page up"},
		{'d' | KEY_CTRL, "half a page down"}, {'u' | KEY_CTRL, "half a page up"},
		{KEY_PAGE_DOWN, "page down"}, {KEY_END_KEY, "end"}, {KEY_PAGE_UP, "page up from the end"},
		{KEY_HOME_KEY, "home"}};
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		hit_key(bench, moves[i].key, moves[i].what);
		turns(bench, TURNS);
	}
}

static void press_all(struct bench *bench, size_t between) {
	for (size_t i = 0; i < sizeof walk / sizeof *walk; i++) {
		type(bench, walk[i].keys, walk[i].what);
		turns(bench, between);
	}
	move(bench);
	hit_key(bench, KEY_END_KEY, "end");
	resize(bench, 60, 20);
	turns(bench, between);
	resize(bench, 200, 60);
	turns(bench, between);
	resize(bench, 160, 50);
	hit_key(bench, KEY_HOME_KEY, "home");
}

/* --- opening --- */

static bool is_full(const struct bench *bench) {
	const struct detail *detail = &bench->model.detail;
	bool decoding = payload_decode((struct payload *)&detail->payload, 0);
	return !decoding && detail->document &&
	       (document_is_complete(detail->document) ||
			   document_lines(detail->document) >= detail->top + detail_rows(&bench->model));
}

static void begin(struct bench *bench) {
	struct msg_live live = {.relay_url = span_text("ws://127.0.0.1:8081"),
		.ingest_url = span_text("http://127.0.0.1:8080")};
	struct model *model = &bench->model;
	model_init(model, false, "bench");
	bench->event = (struct event){.endpoint = span_text("stripe"),
		.seq = 1,
		.position = 1,
		.id = {{1}},
		.method = span_text("POST"),
		.target = span_text("/e/stripe/hooks"),
		.path_offset = 9,
		.body_len = (int64_t)bench->body.len};
	update(model, &(struct msg){.type = MSG_TICK, .now_ms = 100000});
	update(model, &(struct msg){.type = MSG_LIVE, .live = &live});
	uint32_t page = model->page.number;
	update(model, &(struct msg){.type = MSG_PAGE_ROW, .page = page, .event = &bench->event});
	update(model, &(struct msg){.type = MSG_PAGE_DONE, .page = page, .number = 1});
	resize(bench, 160, 50);
	hit_key(bench, KEY_ENTER_KEY, "open");
}

/* Milliseconds to the first full pane. */
static double open_body(struct bench *bench) {
	struct msg_bytes bytes = {.head = buffer_span(&bench->head), .body = buffer_span(&bench->body)};
	double ms =
		take(bench, &(struct msg){.type = MSG_DETAIL, .event = &bench->event, .bytes = &bytes},
			"the body comes");
	ms += take(bench, &(struct msg){.type = MSG_DETAIL_DONE}, "and is shown");
	double more;
	for (size_t i = 0; !is_full(bench) && i < TURNS_MAX; i++) {
		turn(bench, &more);
		ms += more;
	}
	return ms;
}

static void measure(const struct hostile_body *body, bool verbose) {
	struct bench bench = {.verbose = verbose};
	hostile_body_make(&bench.body, body, BODY_LEN);
	hostile_body_head(&bench.head, body);
	canvas_init(&bench.canvas, 160, 50, false);
	begin(&bench);
	double full_ms = open_body(&bench);
	press_all(&bench, TURNS);
	bench.turns = 0;
	turns(&bench, TURNS_MAX);
	size_t until_read = bench.turns;
	press_all(&bench, TURNS_MAX);
	printf("%s\t%.1f\t%.1f\t%s\t%.1f\t%zu\n", body->name, full_ms, bench.key_ms, bench.key,
		bench.idle_ms, until_read);
	fflush(stdout);
	model_clear(&bench.model);
	canvas_clear(&bench.canvas);
	buffer_clear(&bench.head);
	buffer_clear(&bench.body);
}

/* --- two bodies side by side --- */

/* The same but for bytes here and there. */
static void change(struct buffer *out, struct span body) {
	buffer_append_span(out, body);
	for (size_t at = body.len / 7; at < body.len; at += body.len / 7) {
		char *byte = &out->data[at];
		*byte = *byte >= '1' && *byte <= '8' ? (char)(*byte + 1) : *byte;
	}
}

/* The longest slice of comparing them by `kind`, and how many there are. */
static double longest_slice(enum diff_kind kind, struct span old, struct span new, size_t *slices) {
	struct diff *diff = diff_new(kind, old, new, NULL);
	double longest = 0;
	bool done = false;
	for (*slices = 0; !done; ++*slices) {
		double from = now_ms();
		done = diff_step(diff, IDLE_BYTES);
		double ms = now_ms() - from;
		longest = ms > longest ? ms : longest;
	}
	diff_free(diff);
	return longest;
}

/* To itself with some bytes changed, and to what has nothing of it. */
static void compare(const struct hostile_body *body) {
	static const enum diff_kind kinds[] = {DIFF_JSON, DIFF_LINES, DIFF_BYTES};
	struct buffer old = {0}, changed = {0}, other = {0};
	hostile_body_make(&old, body, BODY_LEN);
	change(&changed, buffer_span(&old));
	hostile_body_make(&other, &hostile_bodies[0], BODY_LEN);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t slices, more;
		double near = longest_slice(kinds[i], buffer_span(&old), buffer_span(&changed), &slices);
		double far = longest_slice(kinds[i], buffer_span(&old), buffer_span(&other), &more);
		printf("%s, %s\t%.1f\t%zu\n", body->name, diff_kind_name(kinds[i]), near > far ? near : far,
			slices > more ? slices : more);
	}
	fflush(stdout);
	buffer_clear(&old);
	buffer_clear(&changed);
	buffer_clear(&other);
}

static bool is_asked_for(const struct hostile_body *body, int argc, char **argv) {
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], body->name) == 0) {
			return true;
		}
	}
	return argc < 2;
}

/* Names of bodies alone: those, and every key that takes long is told. `diff` in front: they are compared instead. */
int main(int argc, char **argv) {
	bool diffs = argc > 1 && strcmp(argv[1], "diff") == 0;
	for (size_t i = 0; i < hostile_body_count; i++) {
		if (!is_asked_for(&hostile_bodies[i], argc - diffs, argv + diffs)) {
			continue;
		}
		if (diffs) {
			compare(&hostile_bodies[i]);
		} else {
			measure(&hostile_bodies[i], argc > 1);
		}
	}
	return 0;
}
