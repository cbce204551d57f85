/* The relay's counts, for the overview. */
#include <cjson/cJSON.h>

#include "common/counts.h"
#include "common/json.h"
#include "tui/app_parts.h"

static void on_stats(void *data, const struct cJSON *answer, const struct error *err) {
	struct app *app = data;
	struct counts counts = {0};
	struct error wrong = {0};
	const struct cJSON *stats = cJSON_GetObjectItemCaseSensitive(answer, "stats");
	if (!err && !counts_from_json(&counts, stats, &wrong)) {
		err = &wrong;
	}
	app_tell(app, &(struct msg){.type = MSG_STATS, .counts = &counts, .error = err});
	counts_clear(&counts);
}

void app_stats(struct app *app, struct span span) {
	struct buffer object = {0};
	buffer_append_text(&object, "{\"type\":\"stats\"");
	json_member_text(&object, "span", span);
	buffer_append_byte(&object, '}');
	client_ask(app->client, buffer_span(&object), on_stats, app);
	buffer_clear(&object);
}
