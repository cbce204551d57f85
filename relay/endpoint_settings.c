/* The settings of an endpoint, as the store keeps them. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"
#include "relay/endpoint.h"

#define HOST_LEN 253

static char *copy_text(const char *text) {
	return alloc_text(text ? text : "", text ? strlen(text) : 0);
}

static void copy_parameters(
	struct endpoint_settings *to, const struct parameter *parameters, size_t count) {
	to->parameters = alloc_zero(count, sizeof *to->parameters);
	to->parameter_count = count;
	for (size_t i = 0; i < count; i++) {
		to->parameters[i].name = copy_text(parameters[i].name);
		to->parameters[i].value = copy_text(parameters[i].value);
	}
}

static void copy_keys(struct endpoint_settings *to, const struct business_key *keys, size_t count) {
	to->business_keys = alloc_zero(count, sizeof *keys);
	to->business_key_count = count;
	if (count > 0) {
		memcpy(to->business_keys, keys, count * sizeof *keys);
	}
}

void endpoint_settings_clear_parameters(struct endpoint_settings *settings) {
	for (size_t i = 0; i < settings->parameter_count; i++) {
		free((char *)settings->parameters[i].name);
		free((char *)settings->parameters[i].value);
	}
	free(settings->parameters);
	settings->parameters = NULL;
	settings->parameter_count = 0;
}

void endpoint_settings_copy(struct endpoint_settings *to, const struct endpoint_settings *from) {
	to->provider = copy_text(from->provider);
	to->host = copy_text(from->host);
	to->reject_invalid = from->reject_invalid;
	to->stores_handshakes = from->stores_handshakes;
	to->app_handshakes = from->app_handshakes;
	policy_copy(&to->answer, &from->answer);
	to->confirms_handshakes = from->confirms_handshakes;
	copy_parameters(to, from->parameters, from->parameter_count);
	copy_keys(to, from->business_keys, from->business_key_count);
}

void endpoint_settings_clear(struct endpoint_settings *settings) {
	free(settings->provider);
	free(settings->host);
	endpoint_settings_clear_parameters(settings);
	free(settings->business_keys);
	policy_clear(&settings->answer);
	*settings = (struct endpoint_settings){.answer = policy_default()};
}

const char *endpoint_settings_handshake(const struct endpoint_settings *settings) {
	return settings->stores_handshakes     ? "store"
	       : settings->app_handshakes      ? "app"
	       : settings->confirms_handshakes ? "confirm"
	                                       : "answer";
}

bool endpoint_settings_equal(const struct endpoint_settings *a, const struct endpoint_settings *b) {
	struct buffer left = {0}, right = {0};
	endpoint_settings_append_json(&left, a);
	endpoint_settings_append_json(&right, b);
	bool equal = span_equal(buffer_span(&left), buffer_span(&right));
	buffer_clear(&left);
	buffer_clear(&right);
	return equal;
}

void endpoint_settings_append_json(struct buffer *out, const struct endpoint_settings *settings) {
	buffer_append_byte(out, '{');
	json_member_text(out, "provider", span_text(settings->provider));
	json_member_text(out, "host", span_text(settings->host));
	json_member_bool(out, "reject_invalid", settings->reject_invalid);
	json_member_bool(out, "stores_handshakes", settings->stores_handshakes);
	json_member_bool(out, "app_handshakes", settings->app_handshakes);
	json_member_bool(out, "confirms_handshakes", settings->confirms_handshakes);
	json_member_name(out, "answer");
	policy_append_json(out, &settings->answer);
	json_member_name(out, "parameters");
	buffer_append_byte(out, '{');
	for (size_t i = 0; i < settings->parameter_count; i++) {
		const struct parameter *parameter = &settings->parameters[i];
		json_member_text(out, parameter->name, span_text(parameter->value));
	}
	buffer_append_byte(out, '}');
	json_member_name(out, "keys");
	business_key_places_append_json(out, settings->business_keys, settings->business_key_count);
	buffer_append_byte(out, '}');
}

static bool parameters_from_json(
	struct endpoint_settings *settings, const cJSON *object, struct error *err) {
	size_t count = object ? (size_t)cJSON_GetArraySize(object) : 0;
	struct parameter *parameters = alloc_zero(count, sizeof *parameters);
	size_t at = 0;
	bool ok = true;
	const cJSON *item;
	cJSON_ArrayForEach(item, object) {
		ok = ok && cJSON_IsString(item);
		parameters[at++] = (struct parameter){item->string, ok ? item->valuestring : ""};
	}
	if (ok) {
		copy_parameters(settings, parameters, at);
	} else {
		error_set(err, ERROR_IO, "expected texts as parameters");
	}
	free(parameters);
	return ok;
}

static bool keys_from_json(
	struct endpoint_settings *settings, const cJSON *object, struct error *err) {
	struct business_key keys[BUSINESS_KEYS_MAX];
	size_t count;
	if (!business_key_places_from_json(keys, &count, object, err)) {
		return false;
	}
	copy_keys(settings, keys, count);
	return true;
}

bool endpoint_settings_from_json(
	struct endpoint_settings *settings, struct span json, struct error *err) {
	struct span provider = {0}, host = {0};
	cJSON *object = json_parse(json, err);
	bool ok =
		object && json_get_text_opt(object, "provider", &provider, err) &&
		json_get_text_opt(object, "host", &host, err) &&
		json_get_bool_opt(object, "reject_invalid", &settings->reject_invalid, err) &&
		json_get_bool_opt(object, "stores_handshakes", &settings->stores_handshakes, err) &&
		json_get_bool_opt(object, "confirms_handshakes", &settings->confirms_handshakes, err) &&
		json_get_bool_opt(object, "app_handshakes", &settings->app_handshakes, err) &&
		policy_from_json(
			&settings->answer, cJSON_GetObjectItemCaseSensitive(object, "answer"), err) &&
		parameters_from_json(
			settings, cJSON_GetObjectItemCaseSensitive(object, "parameters"), err) &&
		keys_from_json(settings, cJSON_GetObjectItemCaseSensitive(object, "keys"), err);
	settings->provider = alloc_text(provider.data, ok ? provider.len : 0);
	settings->host = alloc_text(host.data, ok ? host.len : 0);
	cJSON_Delete(object);
	return ok;
}

bool endpoint_host_check(const char *host, struct error *err) {
	size_t len = strlen(host);
	bool ok = len <= HOST_LEN;
	for (size_t i = 0; ok && i < len; i++) {
		char byte = host[i];
		ok = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		     (byte >= '0' && byte <= '9') || ((byte == '-' || byte == '.') && i > 0);
	}
	return ok || error_set(err, ERROR_USAGE,
					 "\"%s\" is no host name (letters, digits, '-' and '.', without a port)", host);
}

static bool change_host(struct endpoint_settings *settings, const char *host, struct error *err) {
	if (!endpoint_host_check(host, err)) {
		return false;
	}
	free(settings->host);
	settings->host = alloc_text(host, strlen(host));
	for (char *at = settings->host; *at; at++) {
		*at = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
	}
	return true;
}

static bool change_handshake(
	struct endpoint_settings *settings, const char *handshake, struct error *err) {
	settings->stores_handshakes = strcmp(handshake, "store") == 0;
	settings->app_handshakes = strcmp(handshake, "app") == 0;
	settings->confirms_handshakes = strcmp(handshake, "confirm") == 0;
	return settings->stores_handshakes || settings->app_handshakes ||
	       settings->confirms_handshakes || strcmp(handshake, "answer") == 0 ||
	       error_set(err, ERROR_USAGE, "handshake is answer, store, app or confirm");
}

/* The app can answer handshakes only where it answers everything. */
static bool check_handshake(const struct endpoint_settings *settings, struct error *err) {
	return !settings->app_handshakes || settings->answer.mode == POLICY_APP ||
	       error_set(err, ERROR_USAGE,
			   "handshake app needs the answer app, too: the app answers handshakes as it answers "
			   "anything else");
}

bool endpoint_settings_change(
	struct endpoint_settings *settings, const struct endpoint_change *change, struct error *err) {
	if (change->host && !change_host(settings, change->host, err)) {
		return false;
	}
	if (change->handshake && !change_handshake(settings, change->handshake, err)) {
		return false;
	}
	if ((change->answer &&
			!policy_change(&settings->answer, change->answer, endpoint_now_ms(), err)) ||
		!check_handshake(settings, err)) {
		return false;
	}
	if (change->provider) {
		free(settings->provider);
		settings->provider = copy_text(change->provider);
	}
	if (change->reject_invalid >= 0) {
		settings->reject_invalid = change->reject_invalid;
	}
	if (change->parameters) {
		endpoint_settings_clear_parameters(settings);
		copy_parameters(settings, change->parameters, change->parameter_count);
	}
	if (change->business_keys) {
		free(settings->business_keys);
		copy_keys(settings, change->business_keys, change->business_key_count);
	}
	return true;
}
