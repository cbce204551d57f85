/* Finds the back end by the URL's scheme and hands every call on to it. */
#include "relay/store/store.h"

#include <string.h>

#include "relay/store/ops.h"

static const struct {
	const char *prefix;
	struct store *(*open)(
		uv_loop_t *loop, const char *name, const struct store_options *options, struct error *err);
} schemes[] = {
	{"sqlite:", sqlite_store_open},
};

static struct store_options with_defaults(const struct store_options *given) {
	struct store_options options = given ? *given : (struct store_options){0};
	if (options.group_entries <= 0) {
		options.group_entries = 256;
	}
	if (options.group_bytes <= 0) {
		options.group_bytes = 4 << 20;
	}
	if (options.wal_bytes <= 0) {
		options.wal_bytes = 64 << 20;
	}
	return options;
}

bool store_url_check(const char *url, struct error *err) {
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t len = strlen(schemes[i].prefix);
		if (strncmp(url, schemes[i].prefix, len) == 0 && url[len]) {
			return true;
		}
	}
	return error_set(err, ERROR_CONFIG, "unknown kind of store \"%s\", expected sqlite:FILE", url);
}

struct store *store_open(
	uv_loop_t *loop, const char *url, const struct store_options *options, struct error *err) {
	struct store_options complete = with_defaults(options);
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t len = strlen(schemes[i].prefix);
		if (strncmp(url, schemes[i].prefix, len) == 0) {
			return schemes[i].open(loop, url + len, &complete, err);
		}
	}
	store_url_check(url, err);
	return NULL;
}

const char *store_id(const struct store *store) {
	return store->ops->id(store);
}

void store_close(struct store *store, void (*closed)(void *), void *data) {
	store->ops->close(store, closed, data);
}

void store_append(struct store *store, struct entry *entry, store_stored_fn *stored, void *data) {
	store->ops->append(store, entry, stored, data);
}

struct store_backlog store_backlog(const struct store *store) {
	return store->ops->backlog(store);
}

struct store_read *store_read(struct store *store, const struct store_query *query,
	store_each_fn *each, store_done_fn *done, void *data) {
	return store->ops->read(store, query, each, done, data);
}

void store_read_stop(struct store_read *read) {
	if (read) {
		read->store->ops->read_stop(read);
	}
}

void store_observe(struct store *store, store_observe_fn *observe, void *data) {
	store->ops->observe(store, observe, data);
}

void store_put_endpoint(struct store *store, const struct endpoint_record *record,
	store_endpoint_fn *done, void *data) {
	store->ops->put_endpoint(store, record, done, data);
}

void store_remove_endpoint(struct store *store, int64_t id, store_done_fn *done, void *data) {
	store->ops->remove_endpoint(store, id, done, data);
}

bool store_each_endpoint(struct store *store, bool (*each)(void *, const struct endpoint_record *),
	void *data, struct error *err) {
	return store->ops->each_endpoint(store, each, data, err);
}

void store_put_secret(
	struct store *store, const struct secret_record *record, store_done_fn *done, void *data) {
	store->ops->put_secret(store, record, done, data);
}

void store_remove_secret(
	struct store *store, int64_t endpoint, struct span label, store_done_fn *done, void *data) {
	store->ops->remove_secret(store, endpoint, label, done, data);
}

bool store_each_secret(struct store *store, bool (*each)(void *, const struct secret_record *),
	void *data, struct error *err) {
	return store->ops->each_secret(store, each, data, err);
}

void store_set_verdicts(struct store *store, const struct verdict_change *changes, size_t count,
	store_done_fn *done, void *data) {
	store->ops->set_verdicts(store, changes, count, done, data);
}

void store_set_answer(
	struct store *store, const struct answer_record *record, store_done_fn *done, void *data) {
	store->ops->set_answer(store, record, done, data);
}

void store_set_endpoint_state(struct store *store, int64_t endpoint, struct span state) {
	store->ops->set_endpoint_state(store, endpoint, state);
}

void store_annotate(struct store *store, const struct annotation_change *change,
	store_annotated_fn *done, void *data) {
	store->ops->annotate(store, change, done, data);
}

void store_put_retry(
	struct store *store, const struct retry_record *record, store_done_fn *done, void *data) {
	store->ops->put_retry(store, record, done, data);
}

void store_remove_retry(struct store *store, const struct uuid *event, struct span target,
	store_done_fn *done, void *data) {
	store->ops->remove_retry(store, event, target, done, data);
}

bool store_each_retry(struct store *store, bool (*each)(void *, const struct retry_record *),
	void *data, struct error *err) {
	return store->ops->each_retry(store, each, data, err);
}

void store_find_keys(struct store *store, store_find_keys_fn *find, void *data) {
	store->ops->find_keys(store, find, data);
}

struct key_mark store_key_mark(const struct store *store) {
	return store->ops->key_mark(store);
}

void store_put_keys(struct store *store, const struct key_record *records, size_t count,
	const struct key_mark *mark, store_done_fn *done, void *data) {
	store->ops->put_keys(store, records, count, mark, done, data);
}

int64_t store_position(const struct store *store) {
	return store->ops->position(store);
}

void store_add_refusal(struct store *store, const struct refusal *refusal) {
	store->ops->add_refusal(store, refusal);
}

bool store_each_refusal(struct store *store, int64_t limit,
	bool (*each)(void *, const struct refusal *), void *data, struct error *err) {
	return store->ops->each_refusal(store, limit, each, data, err);
}

void store_count(struct store *store, int64_t now_ns, struct counts *counts) {
	store->ops->count(store, now_ns, counts);
}

struct store_state store_state(const struct store *store) {
	return store->ops->state(store);
}
