/* The section `limits`: one line of a table a setting. */
#include <string.h>

#include "relay/config_parts.h"

#define KIB INT64_C(1024)
#define MIB (KIB * 1024)
#define GIB (MIB * 1024)
#define SECONDS INT64_C(1000)

enum kind { SIZE_BYTES, SIZE_COUNT, BYTES, COUNT, DURATION };

struct limit_setting {
	const char *name;
	enum kind kind;
	size_t offset; /* of a size_t for SIZE_*, else of an int64_t */
	int64_t least, most;
};

#define AT(member) offsetof(struct config_limits, member)

static const struct limit_setting limit_settings[] = {
	{"head_bytes", SIZE_BYTES, AT(ingest.http.head_bytes), 512, MIB},
	{"header_lines", SIZE_COUNT, AT(ingest.http.header_lines), 8, 10000},
	{"target_bytes", SIZE_BYTES, AT(ingest.http.target_bytes), 64, MIB},
	{"body_bytes", SIZE_BYTES, AT(ingest.http.body_bytes), 0, GIB},
	{"trailer_bytes", SIZE_BYTES, AT(ingest.http.trailer_bytes), 0, MIB},
	{"chunk_overhead", SIZE_BYTES, AT(ingest.http.chunk_overhead), 1024, GIB},
	{"idle_time", DURATION, AT(ingest.deadlines.idle_ms), SECONDS, 3600 * SECONDS},
	{"head_time", DURATION, AT(ingest.deadlines.head_ms), SECONDS, 600 * SECONDS},
	{"body_time", DURATION, AT(ingest.deadlines.body_ms), SECONDS, 3600 * SECONDS},
	{"body_rate", BYTES, AT(ingest.deadlines.body_rate), 0, GIB},
	{"answer_time", DURATION, AT(ingest.deadlines.answer_ms), SECONDS, 600 * SECONDS},
	{"linger_time", DURATION, AT(ingest.deadlines.linger_ms), 0, 60 * SECONDS},
	{"connections", COUNT, AT(ingest.connections), 1, 1000000},
	{"connections_per_address", COUNT, AT(ingest.connections_per_address), 1, 1000000},
	{"buffered_bytes", BYTES, AT(ingest.buffered_bytes), MIB, 1024 * GIB},
	{"backlog_bytes", BYTES, AT(backlog_bytes), MIB, 1024 * GIB},
	{"refusals_per_second", COUNT, AT(refusals_per_second), 0, 1000000},
	{"clients", COUNT, AT(clients), 1, 100000},
	{"client_stall_time", DURATION, AT(client_stall_ms), SECONDS, 3600 * SECONDS},
	{"client_bytes", BYTES, AT(client_bytes), 4 * KIB, 64 * MIB},
	{"explanations_per_second", COUNT, AT(explanations_per_second), 1, 1000},
	{"waiting", COUNT, AT(waiting), 0, 1000000},
	{"waiting_bytes", BYTES, AT(waiting_bytes), 64 * KIB, 1024 * GIB},
	{"waiting_time", DURATION, AT(waiting_ms), SECONDS, 3600 * SECONDS},
};

#define SETTINGS (sizeof limit_settings / sizeof *limit_settings)

struct config_limits config_limits_default(void) {
	return (struct config_limits){
		.ingest =
			{
				.http = http_limits_default(),
				.deadlines =
					{
						.idle_ms = 75 * SECONDS,
						.head_ms = 10 * SECONDS,
						.body_ms = 300 * SECONDS,
						.body_rate = KIB,
						.answer_ms = 30 * SECONDS,
						.linger_ms = SECONDS,
					},
				.connections = 2048,
				.connections_per_address = 256,
				.buffered_bytes = 256 * MIB,
			},
		.refusals_per_second = 100,
		.backlog_bytes = 64 * MIB,
		.clients = 256,
		.client_stall_ms = 30 * SECONDS,
		.client_bytes = 128 * KIB,
		.explanations_per_second = 20,
		.waiting = 1024,
		.waiting_bytes = 64 * MIB,
		.waiting_ms = 120 * SECONDS,
	};
}

static bool read_value(struct config_reader *reader, const struct limit_setting *setting,
	const struct yaml_node *node, int64_t *value) {
	const struct yaml_document *document = reader->document;
	switch (setting->kind) {
	case SIZE_BYTES:
	case BYTES:
		return yaml_bytes(document, node, setting->least, setting->most, value, reader->err);
	case SIZE_COUNT:
	case COUNT:
		return yaml_int(document, node, setting->least, setting->most, value, reader->err);
	case DURATION:
		return yaml_duration_ms(document, node, setting->least, setting->most, value, reader->err);
	}
	return false;
}

static void write_value(
	struct config_limits *limits, const struct limit_setting *setting, int64_t value) {
	char *place = (char *)limits + setting->offset;
	if (setting->kind == SIZE_BYTES || setting->kind == SIZE_COUNT) {
		size_t size = (size_t)value;
		memcpy(place, &size, sizeof size);
	} else {
		memcpy(place, &value, sizeof value);
	}
}

bool config_read_limits(struct config_reader *reader, const struct yaml_node *map) {
	const char *names[SETTINGS];
	for (size_t i = 0; i < SETTINGS; i++) {
		names[i] = limit_settings[i].name;
	}
	if (!yaml_check_keys(reader->document, map, names, SETTINGS, reader->err)) {
		return false;
	}
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct yaml_node *node = yaml_get(map, limit_settings[i].name);
		int64_t value;
		if (node && !read_value(reader, &limit_settings[i], node, &value)) {
			return false;
		}
		if (node) {
			write_value(&reader->config->limits, &limit_settings[i], value);
		}
	}
	return true;
}
