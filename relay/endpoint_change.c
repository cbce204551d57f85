/*
 * Changes of endpoints: one at a time, each checked as a whole, then written, then taken into use. What is written is
 * a draft of the endpoint's keys; the endpoint itself changes when the draft is on disk.
 */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/endpoint.h"

enum change_kind { CHANGE, REMOVE, REVERIFY };

/* Copies of what was asked for, as it may have to wait for its turn. */
struct change {
	struct change *next;
	struct endpoints *endpoints;
	enum change_kind kind;
	char name[ENDPOINT_NAME_LEN + 1];
	struct endpoint_change asked;
	struct secret_change *secrets;
	bool must_be_new;
	bool is_applied; /* done comes when it is in use, without waiting for the history */
	endpoints_changed_fn *done;
	endpoints_judged_fn *judged;
	void *data;

	int64_t id; /* 0: a new endpoint */
	struct endpoint_keys draft;
	bool keys_changed;
	size_t pending; /* writes of secrets that are not durable yet */
	struct error failure;
	struct reverification what; /* REVERIFY; its filter is ours */
};

static void begin(struct change *change);

static struct span name_of(const struct change *change) {
	return span_text(change->name);
}

static char *copy_or_null(const char *text) {
	return text ? alloc_text(text, strlen(text)) : NULL;
}

static void copy_secrets(struct change *change, const struct endpoint_change *asked) {
	change->secrets = alloc_zero(asked->secret_count, sizeof *change->secrets);
	for (size_t i = 0; i < asked->secret_count; i++) {
		const struct secret_change *secret = &asked->secrets[i];
		change->secrets[i].label = copy_or_null(secret->label ? secret->label : "");
		change->secrets[i].provider = copy_or_null(secret->provider ? secret->provider : "");
		if (secret->value.data) {
			change->secrets[i].value.data = alloc_text(secret->value.data, secret->value.len);
			change->secrets[i].value.len = secret->value.len;
		}
	}
	change->asked.secrets = change->secrets;
}

static void copy_asked(struct change *change, const struct endpoint_change *asked) {
	change->asked = *asked;
	change->asked.provider = copy_or_null(asked->provider);
	change->asked.host = copy_or_null(asked->host);
	change->asked.handshake = copy_or_null(asked->handshake);
	struct parameter *parameters = NULL;
	if (asked->parameters) {
		parameters = alloc_zero(asked->parameter_count, sizeof *parameters);
		for (size_t i = 0; i < asked->parameter_count; i++) {
			parameters[i].name = copy_or_null(asked->parameters[i].name);
			parameters[i].value = copy_or_null(asked->parameters[i].value);
		}
	}
	change->asked.parameters = parameters;
	change->asked.business_keys = NULL;
	if (asked->business_keys) {
		size_t size = asked->business_key_count * sizeof *asked->business_keys;
		struct business_key *keys = alloc_bytes(size + 1);
		memcpy(keys, asked->business_keys, size);
		change->asked.business_keys = keys;
	}
	change->asked.answer = asked->answer ? policy_change_copy(asked->answer) : NULL;
	copy_secrets(change, asked);
}

static void change_free(struct change *change) {
	for (size_t i = 0; i < change->asked.secret_count; i++) {
		struct secret_change *secret = &change->secrets[i];
		if (secret->value.data) {
			OPENSSL_cleanse((char *)secret->value.data, secret->value.len);
		}
		free((char *)secret->value.data);
		free((char *)secret->label);
		free((char *)secret->provider);
	}
	free(change->secrets);
	for (size_t i = 0; change->asked.parameters && i < change->asked.parameter_count; i++) {
		free((char *)change->asked.parameters[i].name);
		free((char *)change->asked.parameters[i].value);
	}
	free((struct parameter *)change->asked.parameters);
	free((char *)change->asked.provider);
	free((char *)change->asked.host);
	free((char *)change->asked.handshake);
	free((struct policy_change *)change->asked.answer);
	free((struct business_key *)change->asked.business_keys);
	endpoint_keys_clear(&change->draft);
	filter_free(change->what.filter);
	free(change);
}

/* Tells the outcome unless that is left to a job (`told`), and lets the next change begin. */
static void end(struct change *change, bool told, int64_t events, const struct error *err) {
	struct endpoints *endpoints = change->endpoints;
	if (!told && change->done) {
		change->done(change->data, events, 0, err);
	}
	endpoints->first_change = change->next;
	if (!change->next) {
		endpoints->last_change = NULL;
	}
	change_free(change);
	if (endpoints->first_change) {
		begin(endpoints->first_change);
	}
}

/* All is durable: from here on requests are judged with it. */
static void take_into_use(struct change *change) {
	struct endpoints *endpoints = change->endpoints;
	struct endpoint *endpoint = endpoints_find(endpoints, name_of(change));
	if (!endpoint) {
		endpoint = endpoints_insert(endpoints, change->id, name_of(change));
	}
	if (change->asked.configured) {
		endpoint_note_configured(endpoint, change->asked.only_these_secrets);
	}
	endpoint_keys_clear(&endpoint->keys);
	endpoint->keys = change->draft;
	endpoint_begin_script(endpoint);
	endpoints_tell_keys(endpoints, 0);
	change->draft = (struct endpoint_keys){0};
	endpoints_count_hosts(endpoints);

	bool judge = change->keys_changed && endpoint->head > 0 && !endpoints->stopped;
	if (judge && change->is_applied) {
		rejudge_behind(endpoint, 0, change->judged, change->data);
	} else if (judge) {
		rejudge_start(endpoint, NULL, change->done, change->data);
	}
	end(change, judge && !change->is_applied, 0, NULL);
}

static void on_secret_written(void *data, const struct error *err) {
	struct change *change = data;
	if (err && !change->failure.code) {
		change->failure = *err;
	}
	if (--change->pending > 0) {
		return;
	}
	if (change->failure.code) {
		error_prefix(&change->failure, "the secrets of endpoint %s", change->name);
		end(change, false, 0, &change->failure);
	} else {
		take_into_use(change);
	}
}

static bool is_listed(const struct change *change, const char *label) {
	for (size_t i = 0; i < change->asked.secret_count; i++) {
		if (strcmp(change->secrets[i].label, label) == 0) {
			return true;
		}
	}
	return false;
}

static void write_secret(struct change *change, const struct endpoint_secret *secret) {
	struct secret_record record = {
		.endpoint = change->id,
		.label = span_text(secret->label),
		.provider = span_text(secret->provider),
		.sealed = buffer_span(&secret->sealed),
		.added_at_ms = endpoint_now_ms(),
	};
	change->pending++;
	store_put_secret(change->endpoints->store, &record, on_secret_written, change);
}

/* Removes from the store what the endpoint has and the draft has not. */
static void write_removals(struct change *change) {
	struct endpoint *endpoint = endpoints_find_id(change->endpoints, change->id);
	for (size_t i = 0; endpoint && i < endpoint->keys.secret_count; i++) {
		const char *label = endpoint->keys.secrets[i].label;
		if (!endpoint_keys_find(&change->draft, label)) {
			change->pending++;
			store_remove_secret(
				change->endpoints->store, change->id, span_text(label), on_secret_written, change);
		}
	}
}

static void on_endpoint_written(void *data, int64_t id, const struct error *err) {
	struct change *change = data;
	if (err) {
		change->failure = *err;
		error_prefix(&change->failure, "endpoint %s", change->name);
		end(change, false, 0, &change->failure);
		return;
	}
	change->id = id;
	change->pending = 1; /* until all are asked for */
	write_removals(change);
	for (size_t i = 0; i < change->draft.secret_count; i++) {
		struct endpoint_secret *secret = &change->draft.secrets[i];
		if (is_listed(change, secret->label)) {
			write_secret(change, secret);
		}
	}
	on_secret_written(change, NULL);
}

static bool draft_secret(
	struct change *change, const struct secret_change *asked, struct error *err) {
	struct endpoint_keys *draft = &change->draft;
	size_t len = strlen(asked->label);
	if (len == 0 || len >= SECRET_LABEL_LEN) {
		return error_set(
			err, ERROR_USAGE, "a secret's label has 1 to %d characters", SECRET_LABEL_LEN - 1);
	}
	struct endpoint_secret *secret = endpoint_keys_find(draft, asked->label);
	if (!asked->value.data) {
		if (!secret) {
			return error_set(
				err, ERROR_NO, "endpoint %s has no secret %s", change->name, asked->label);
		}
		endpoint_keys_remove(draft, secret);
		change->keys_changed = true;
		return true;
	}
	if (strlen(asked->provider) >= PROVIDER_NAME_LEN) {
		return error_set(err, ERROR_USAGE, "the name of the provider is too long");
	}
	struct endpoint_secret before = secret ? *secret : (struct endpoint_secret){0};
	secret = secret ? secret : endpoint_keys_add(draft, asked->label);
	snprintf(secret->provider, sizeof secret->provider, "%s", asked->provider);
	endpoint_secret_seal(secret, change->endpoints->vault, name_of(change), asked->value);
	change->keys_changed |= before.broken ||
	                        memcmp(before.hash, secret->hash, sizeof before.hash) != 0 ||
	                        strcmp(before.provider, secret->provider) != 0;
	return true;
}

static void drop_unlisted(struct change *change) {
	for (size_t i = change->draft.secret_count; i > 0; i--) {
		struct endpoint_secret *secret = &change->draft.secrets[i - 1];
		if (!is_listed(change, secret->label)) {
			endpoint_keys_remove(&change->draft, secret);
			change->keys_changed = true;
		}
	}
}

static bool host_is_free(const struct change *change, struct error *err) {
	struct endpoint *other =
		endpoints_find_host(change->endpoints, span_text(change->draft.settings.host));
	if (other && other->id != change->id) {
		return error_set(err, ERROR_USAGE, "the host %s already belongs to endpoint %s",
			change->draft.settings.host, other->name);
	}
	return true;
}

/* Makes the whole draft; nothing of the endpoint is touched. */
static bool make_draft(struct change *change, struct endpoint *endpoint, struct error *err) {
	struct endpoint_keys empty = {
		.settings = {.provider = "", .host = "", .answer = policy_default()}};
	const struct endpoint_keys *old = endpoint ? &endpoint->keys : &empty;
	struct endpoint_keys *draft = &change->draft;
	endpoint_keys_copy(draft, old);
	if (!endpoint_settings_change(&draft->settings, &change->asked, err) ||
		!host_is_free(change, err)) {
		return false;
	}
	change->keys_changed =
		strcmp(draft->settings.provider, old->settings.provider) != 0 ||
		(change->asked.parameters && !endpoint_settings_equal(&draft->settings, &old->settings));
	if (change->asked.only_these_secrets) {
		drop_unlisted(change);
	}
	for (size_t i = 0; i < change->asked.secret_count; i++) {
		if (!draft_secret(change, &change->secrets[i], err)) {
			return false;
		}
	}
	return endpoint_keys_prepare(draft, change->endpoints->vault, change->endpoints->catalogue,
		name_of(change), change->is_applied, err);
}

static bool check_name(
	const struct change *change, const struct endpoint *endpoint, struct error *err) {
	if (!endpoint_name_is_valid(name_of(change))) {
		return error_set(err, ERROR_USAGE,
			"an endpoint is named with letters, digits, '-', '_' and '.', at most %d of them",
			ENDPOINT_NAME_LEN);
	}
	if (change->must_be_new && endpoint) {
		return error_set(err, ERROR_USAGE, "there is an endpoint %s already", change->name);
	}
	if (!change->must_be_new && !change->is_applied && !endpoint) {
		return error_set(err, ERROR_NO, "there is no endpoint %s", change->name);
	}
	return true;
}

/* What the next start or reload would undo without a word is not done. */
static bool is_free_of_configuration(
	const struct change *change, const struct endpoint *endpoint, struct error *err) {
	if (endpoint && endpoint->secrets_configured && change->asked.secret_count > 0 &&
		!change->is_applied) {
		return error_set(err, ERROR_NO,
			"the secrets of %s stand in the relay's configuration: change them there, and reload "
			"it",
			change->name);
	}
	return true;
}

static void begin_change(struct change *change, struct endpoint *endpoint) {
	struct error err = {0};
	change->id = endpoint ? endpoint->id : 0;
	if (!check_name(change, endpoint, &err) || !is_free_of_configuration(change, endpoint, &err) ||
		!make_draft(change, endpoint, &err)) {
		end(change, false, 0, &err);
		return;
	}
	if (endpoint && !change->keys_changed &&
		endpoint_settings_equal(&change->draft.settings, &endpoint->keys.settings)) {
		end(change, false, 0, NULL);
		return;
	}
	struct buffer settings = {0};
	endpoint_settings_append_json(&settings, &change->draft.settings);
	struct endpoint_record record = {
		.id = change->id,
		.name = name_of(change),
		.settings = buffer_span(&settings),
	};
	store_put_endpoint(change->endpoints->store, &record, on_endpoint_written, change);
	buffer_clear(&settings);
}

static void on_removed(void *data, const struct error *err) {
	struct change *change = data;
	if (err) {
		change->failure = *err;
	}
	end(change, false, 0, err ? &change->failure : NULL);
}

/* It is out of use at once, so that nothing is stored for it while it goes. */
static void begin_removal(struct change *change, struct endpoint *endpoint) {
	struct error why = {0};
	if (endpoint->configured) {
		error_set(&why, ERROR_NO,
			"%s stands in the relay's configuration: take it out there and reload it, then remove "
			"it",
			change->name);
		end(change, false, 0, &why);
		return;
	}
	error_set(&why, ERROR_NO, "the endpoint %s was removed", change->name);
	rejudge_stop_all(endpoint, &why);
	int64_t id = endpoint->id;
	endpoints_forget(change->endpoints, endpoint);
	store_remove_endpoint(change->endpoints->store, id, on_removed, change);
}

static void begin(struct change *change) {
	struct endpoint *endpoint = endpoints_find(change->endpoints, name_of(change));
	struct error err = {0};
	if (change->endpoints->stopped) {
		error_set(&err, ERROR_IO, "the relay is stopping");
		end(change, false, 0, &err);
	} else if (change->kind == CHANGE) {
		begin_change(change, endpoint);
	} else if (!endpoint) {
		error_set(&err, ERROR_NO, "there is no endpoint %s", change->name);
		end(change, false, 0, &err);
	} else if (change->kind == REMOVE) {
		begin_removal(change, endpoint);
	} else {
		rejudge_start(endpoint, &change->what, change->done, change->data);
		change->what.filter = NULL;
		end(change, true, 0, NULL);
	}
}

static struct change *change_new(struct endpoints *endpoints, enum change_kind kind,
	struct span name, endpoints_changed_fn *done, void *data) {
	struct change *change = alloc_zero(1, sizeof *change);
	change->endpoints = endpoints;
	change->kind = kind;
	change->done = done;
	change->data = data;
	snprintf(change->name, sizeof change->name, "%.*s", (int)name.len, name.data);
	if (name.len > ENDPOINT_NAME_LEN) {
		change->name[0] = '\0'; /* valid for nobody */
	}
	return change;
}

static void enqueue(struct change *change) {
	struct endpoints *endpoints = change->endpoints;
	if (endpoints->last_change) {
		endpoints->last_change->next = change;
		endpoints->last_change = change;
		return;
	}
	endpoints->first_change = endpoints->last_change = change;
	begin(change);
}

void endpoints_change(struct endpoints *endpoints, const struct endpoint_change *asked,
	bool must_be_new, endpoints_changed_fn *done, void *data) {
	struct change *change = change_new(endpoints, CHANGE, asked->name, done, data);
	change->must_be_new = must_be_new;
	copy_asked(change, asked);
	enqueue(change);
}

void endpoints_apply(struct endpoints *endpoints, const struct endpoint_change *asked,
	endpoints_changed_fn *done, endpoints_judged_fn *judged, void *data) {
	struct change *change = change_new(endpoints, CHANGE, asked->name, done, data);
	change->is_applied = true;
	change->judged = judged;
	copy_asked(change, asked);
	enqueue(change);
}

void endpoints_forget_configuration(struct endpoints *endpoints) {
	for (size_t i = 0; i < endpoints->count; i++) {
		endpoints->by_name[i]->configured = endpoints->by_name[i]->secrets_configured = false;
	}
}

void endpoint_note_configured(struct endpoint *endpoint, bool secrets) {
	endpoint->configured = true;
	endpoint->secrets_configured = secrets;
}

void endpoints_remove(
	struct endpoints *endpoints, struct span name, endpoints_changed_fn *done, void *data) {
	enqueue(change_new(endpoints, REMOVE, name, done, data));
}

void endpoints_reverify(struct endpoints *endpoints, struct span name,
	const struct reverification *what, endpoints_changed_fn *done, void *data) {
	struct change *change = change_new(endpoints, REVERIFY, name, done, data);
	change->what = *what;
	enqueue(change);
}
