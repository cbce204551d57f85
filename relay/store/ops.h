/* What a back end is: a table of functions, one for each of store.h, which says what they do. */
#pragma once

#include "relay/store/store.h"

struct store_ops {
	const char *(*id)(const struct store *store);
	void (*close)(struct store *store, void (*closed)(void *), void *data);
	void (*append)(struct store *store, struct entry *entry, store_stored_fn *stored, void *data);
	struct store_backlog (*backlog)(const struct store *store);
	struct store_read *(*read)(struct store *store, const struct store_query *query,
		store_each_fn *each, store_done_fn *done, void *data);
	void (*read_stop)(struct store_read *read);
	void (*observe)(struct store *store, store_observe_fn *observe, void *data);
	void (*put_endpoint)(struct store *store, const struct endpoint_record *record,
		store_endpoint_fn *done, void *data);
	void (*remove_endpoint)(struct store *store, int64_t id, store_done_fn *done, void *data);
	bool (*each_endpoint)(struct store *store, bool (*each)(void *, const struct endpoint_record *),
		void *data, struct error *err);
	void (*put_secret)(
		struct store *store, const struct secret_record *record, store_done_fn *done, void *data);
	void (*remove_secret)(
		struct store *store, int64_t endpoint, struct span label, store_done_fn *done, void *data);
	bool (*each_secret)(struct store *store, bool (*each)(void *, const struct secret_record *),
		void *data, struct error *err);
	void (*set_verdicts)(struct store *store, const struct verdict_change *changes, size_t count,
		store_done_fn *done, void *data);
	void (*set_answer)(
		struct store *store, const struct answer_record *record, store_done_fn *done, void *data);
	void (*set_endpoint_state)(struct store *store, int64_t endpoint, struct span state);
	void (*annotate)(struct store *store, const struct annotation_change *change,
		store_annotated_fn *done, void *data);
	void (*put_retry)(
		struct store *store, const struct retry_record *record, store_done_fn *done, void *data);
	void (*remove_retry)(struct store *store, const struct uuid *event, struct span target,
		store_done_fn *done, void *data);
	bool (*each_retry)(struct store *store, bool (*each)(void *, const struct retry_record *),
		void *data, struct error *err);
	void (*find_keys)(struct store *store, store_find_keys_fn *find, void *data);
	struct key_mark (*key_mark)(const struct store *store);
	void (*put_keys)(struct store *store, const struct key_record *records, size_t count,
		const struct key_mark *mark, store_done_fn *done, void *data);
	int64_t (*position)(const struct store *store);
	void (*add_refusal)(struct store *store, const struct refusal *refusal);
	bool (*each_refusal)(struct store *store, int64_t limit,
		bool (*each)(void *, const struct refusal *), void *data, struct error *err);
	void (*count)(struct store *store, int64_t now_ns, struct counts *counts);
	struct store_state (*state)(const struct store *store);
};

/* The first member of every back end's own struct. */
struct store {
	const struct store_ops *ops;
};

/* The first member of every back end's own read. */
struct store_read {
	struct store *store;
};

/* Opens `name`, the URL behind "sqlite:"; `options` has its defaults filled in. See store_open. */
struct store *sqlite_store_open(
	uv_loop_t *loop, const char *name, const struct store_options *options, struct error *err);
