#include "relay/endpoints.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"
#include "relay/endpoint.h"
#include "relay/log.h"

static int compare_names(struct span a, struct span b) {
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.data, b.data, len) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Where a name stands, or belongs. */
static size_t place_of(const struct endpoints *endpoints, struct span name) {
	size_t low = 0, high = endpoints->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (compare_names(endpoint_name(endpoints->by_name[middle]), name) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

struct endpoint *endpoints_insert(struct endpoints *endpoints, int64_t id, struct span name) {
	struct endpoint *endpoint = alloc_zero(1, sizeof *endpoint);
	endpoint->endpoints = endpoints;
	endpoint->lacking_after = -1;
	endpoint->id = id;
	endpoint->name_len = name.len < ENDPOINT_NAME_LEN ? name.len : ENDPOINT_NAME_LEN;
	memcpy(endpoint->name, name.data, endpoint->name_len);

	size_t count = endpoints->count, size = (count + 1) * sizeof(struct endpoint *);
	endpoints->by_name = alloc_resize(endpoints->by_name, size);
	endpoints->by_id = alloc_resize(endpoints->by_id, size);
	size_t at = place_of(endpoints, name);
	memmove(endpoints->by_name + at + 1, endpoints->by_name + at,
		(count - at) * sizeof(struct endpoint *));
	endpoints->by_name[at] = endpoint;
	at = count;
	while (at > 0 && endpoints->by_id[at - 1]->id > id) {
		endpoints->by_id[at] = endpoints->by_id[at - 1];
		at--;
	}
	endpoints->by_id[at] = endpoint;
	endpoints->count++;
	return endpoint;
}

static void take_out(struct endpoint **list, size_t count, const struct endpoint *endpoint) {
	size_t at = 0;
	while (at < count && list[at] != endpoint) {
		at++;
	}
	if (at < count) {
		memmove(list + at, list + at + 1, (count - at - 1) * sizeof *list);
	}
}

static void endpoint_free(struct endpoint *endpoint) {
	endpoint_keys_clear(&endpoint->keys);
	free(endpoint);
}

void endpoints_forget(struct endpoints *endpoints, struct endpoint *endpoint) {
	take_out(endpoints->by_name, endpoints->count, endpoint);
	take_out(endpoints->by_id, endpoints->count, endpoint);
	endpoints->count--;
	endpoints->retired = alloc_resize(
		endpoints->retired, (endpoints->retired_count + 1) * sizeof(struct endpoint *));
	endpoints->retired[endpoints->retired_count++] = endpoint;
	endpoints_count_hosts(endpoints);
}

void endpoints_count_hosts(struct endpoints *endpoints) {
	endpoints->host_count = 0;
	for (size_t i = 0; i < endpoints->count; i++) {
		endpoints->host_count += *endpoints->by_name[i]->keys.settings.host != '\0';
	}
}

/* What a load of all endpoints or secrets goes on with. */
struct loading {
	struct endpoints *endpoints;
	struct error err;
};

static bool load_endpoint(void *data, const struct endpoint_record *record) {
	struct loading *loading = data;
	struct endpoint *endpoint = endpoints_insert(loading->endpoints, record->id, record->name);
	endpoint->head = record->last_seq;
	if (!endpoint_settings_from_json(&endpoint->keys.settings, record->settings, &loading->err)) {
		return error_prefix(&loading->err, "settings of endpoint %s", endpoint->name);
	}
	endpoint->script =
		script_state_from_json(record->state, endpoint_policy(endpoint)->script_since_ms);
	return true;
}

static bool load_secret(void *data, const struct secret_record *record) {
	struct loading *loading = data;
	struct endpoint *endpoint = endpoints_find_id(loading->endpoints, record->endpoint);
	if (!endpoint) {
		return true;
	}
	char label[SECRET_LABEL_LEN];
	snprintf(label, sizeof label, "%.*s", (int)record->label.len, record->label.data);
	struct endpoint_secret *secret = endpoint_keys_add(&endpoint->keys, label);
	snprintf(secret->provider, sizeof secret->provider, "%.*s", (int)record->provider.len,
		record->provider.data);
	buffer_append_span(&secret->sealed, record->sealed);
	return true;
}

static bool load(struct endpoints *endpoints, struct error *err) {
	struct loading loading = {.endpoints = endpoints};
	if (!store_each_endpoint(endpoints->store, load_endpoint, &loading, err) ||
		!store_each_secret(endpoints->store, load_secret, &loading, err)) {
		return false;
	}
	if (loading.err.code) {
		*err = loading.err;
		return false;
	}
	for (size_t i = 0; i < endpoints->count; i++) {
		struct endpoint *endpoint = endpoints->by_name[i];
		endpoint_keys_prepare(&endpoint->keys, endpoints->vault, endpoints->catalogue,
			endpoint_name(endpoint), true, err);
	}
	endpoints_count_hosts(endpoints);
	return true;
}

struct endpoints *endpoints_new(struct store *store, struct vault *vault,
	const struct catalogue *catalogue, struct error *err) {
	struct endpoints *endpoints = alloc_zero(1, sizeof *endpoints);
	endpoints->store = store;
	endpoints->vault = vault;
	endpoints->catalogue = catalogue;
	if (!load(endpoints, err)) {
		endpoints_free(endpoints);
		return NULL;
	}
	return endpoints;
}

void endpoints_use_keys(struct endpoints *endpoints, struct keys *keys, struct confirm *confirm) {
	endpoints->keys = keys;
	endpoints->confirm = confirm;
}

void endpoints_use_url(struct endpoints *endpoints, const char *url) {
	endpoints->url = url;
}

void endpoints_keys_arrived(struct endpoints *endpoints, endpoints_judged_fn *judged, void *data) {
	for (size_t i = 0; i < endpoints->count && !endpoints->stopped; i++) {
		struct endpoint *endpoint = endpoints->by_name[i];
		if (endpoint->lacking_after >= 0) {
			int64_t after = endpoint->lacking_after;
			endpoint->lacking_after = -1;
			rejudge_behind(endpoint, after, judged, data);
		}
	}
}

void endpoints_stop(struct endpoints *endpoints) {
	struct error why = {0};
	error_set(&why, ERROR_IO, "the relay is stopping");
	endpoints->stopped = true;
	for (size_t i = 0; i < endpoints->count; i++) {
		rejudge_stop_all(endpoints->by_name[i], &why);
	}
}

void endpoints_free(struct endpoints *endpoints) {
	if (!endpoints) {
		return;
	}
	for (size_t i = 0; i < endpoints->count; i++) {
		endpoint_free(endpoints->by_name[i]);
	}
	for (size_t i = 0; i < endpoints->retired_count; i++) {
		endpoint_free(endpoints->retired[i]);
	}
	free(endpoints->retired);
	free(endpoints->by_name);
	free(endpoints->by_id);
	free(endpoints);
}

struct endpoint *endpoints_find(const struct endpoints *endpoints, struct span name) {
	size_t at = place_of(endpoints, name);
	bool found = at < endpoints->count && span_equal(endpoint_name(endpoints->by_name[at]), name);
	return found ? endpoints->by_name[at] : NULL;
}

struct endpoint *endpoints_find_id(const struct endpoints *endpoints, int64_t id) {
	size_t low = 0, high = endpoints->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (endpoints->by_id[middle]->id < id) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < endpoints->count && endpoints->by_id[low]->id == id ? endpoints->by_id[low] : NULL;
}

struct endpoint *endpoints_find_host(const struct endpoints *endpoints, struct span host) {
	for (size_t i = 0; endpoints->host_count > 0 && host.len > 0 && i < endpoints->count; i++) {
		if (span_equal_nocase(span_text(endpoints->by_name[i]->keys.settings.host), host)) {
			return endpoints->by_name[i];
		}
	}
	return NULL;
}

size_t endpoints_count(const struct endpoints *endpoints) {
	return endpoints->count;
}

struct endpoint *endpoints_at(const struct endpoints *endpoints, size_t index) {
	return endpoints->by_name[index];
}

int64_t endpoint_id(const struct endpoint *endpoint) {
	return endpoint->id;
}

struct span endpoint_name(const struct endpoint *endpoint) {
	return (struct span){endpoint->name, endpoint->name_len};
}

bool endpoint_rejects(const struct endpoint *endpoint, enum verdict verdict) {
	return endpoint->keys.settings.reject_invalid &&
	       (verdict == VERDICT_INVALID || verdict == VERDICT_EXPIRED ||
			   verdict == VERDICT_UNSIGNED);
}

int64_t endpoint_head(const struct endpoint *endpoint) {
	return endpoint->head;
}

void endpoint_stored(struct endpoint *endpoint, int64_t seq) {
	endpoint->head = seq > endpoint->head ? seq : endpoint->head;
}

static void append_secret_json(struct buffer *out, const struct endpoint_secret *secret) {
	buffer_append_byte(out, '{');
	json_member_text(out, "label", span_text(secret->label));
	json_member_text(out, "provider", span_text(secret->provider));
	char print[9];
	snprintf(print, sizeof print, "%02x%02x%02x%02x", secret->hash[0], secret->hash[1],
		secret->hash[2], secret->hash[3]);
	json_member_text(out, "fingerprint", span_text(print));
	if (secret->broken) {
		json_member_bool(out, "broken", true);
	}
	buffer_append_byte(out, '}');
}

void endpoint_append_json(struct buffer *out, const struct endpoint *endpoint) {
	const struct endpoint_settings *settings = &endpoint->keys.settings;
	buffer_append_byte(out, '{');
	json_member_text(out, "name", endpoint_name(endpoint));
	json_member_text(out, "provider", span_text(settings->provider));
	json_member_text(out, "host", span_text(settings->host));
	json_member_bool(out, "reject_invalid", settings->reject_invalid);
	json_member_text(out, "handshake", span_text(endpoint_settings_handshake(settings)));
	json_member_name(out, "answer");
	policy_append_told(out, &settings->answer, &endpoint->script, endpoint_now_ms());
	json_member_int(out, "head", endpoint->head);
	json_member_name(out, "keys");
	business_key_places_append_json(out, settings->business_keys, settings->business_key_count);
	json_member_name(out, "parameters");
	buffer_append_byte(out, '{');
	for (size_t i = 0; i < settings->parameter_count; i++) {
		json_member_text(
			out, settings->parameters[i].name, span_text(settings->parameters[i].value));
	}
	buffer_append_byte(out, '}');
	json_member_name(out, "secrets");
	buffer_append_byte(out, '[');
	for (size_t i = 0; i < endpoint->keys.secret_count; i++) {
		buffer_append_text(out, i > 0 ? "," : "");
		append_secret_json(out, &endpoint->keys.secrets[i]);
	}
	buffer_append_text(out, "]}");
}
