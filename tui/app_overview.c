/* The relay's counts, for the overview. */
#include <cjson/cJSON.h>

#include "common/counts.h"
#include "common/json.h"
#include "tui/app_parts.h"

void app_tell_counts(
	struct app *app, enum msg_type type, const struct cJSON *answer, const struct error *err) {
	struct counts counts = {0};
	struct error wrong = {0};
	const struct cJSON *stats = cJSON_GetObjectItemCaseSensitive(answer, "stats");
	if (!err && !counts_from_json(&counts, stats, &wrong)) {
		err = &wrong;
	}
	app_tell(app, &(struct msg){.type = type, .counts = &counts, .error = err});
	counts_clear(&counts);
}

static void on_stats(void *data, const struct cJSON *answer, const struct error *err) {
	app_tell_counts(data, MSG_STATS, answer, err);
}

void app_stats(struct app *app, struct span span) {
	struct buffer object = {0};
	buffer_append_text(&object, "{\"type\":\"stats\"");
	json_member_text(&object, "span", span);
	buffer_append_byte(&object, '}');
	client_ask(app->client, buffer_span(&object), on_stats, app);
	buffer_clear(&object);
}
