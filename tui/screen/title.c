#include "tui/screen/title.h"

#include "common/text.h"
#include "tui/screen/view_parts.h"

/* Of a URL without what is in front of its host. */
static struct span host_of(const char *url) {
	struct span rest = span_text(url), front = span_cut(&rest, '/');
	bool scheme = front.len > 0 && front.data[front.len - 1] == ':';
	rest = span_after(rest, scheme && rest.len > 0 && rest.data[0] == '/');
	return scheme ? span_cut(&rest, '/') : front;
}

void title_append(struct buffer *out, const struct model *model) {
	enum forward_state state = model->forward.state;
	buffer_append_text(out, "hookline ");
	text_escape(out, host_of(model->link.relay_url), TEXT_ASCII);
	if (model->link.state == LINK_GONE) {
		buffer_append_text(out, ", the relay is away");
	} else if (state == FORWARD_ON && model->routes.target_count <= 1) {
		buffer_append_text(out, ", to ");
		text_escape(out, host_of(model->forward.target), TEXT_ASCII);
	} else if (state == FORWARD_ON) {
		buffer_append_text(out, ", forwarding");
	} else if (state == FORWARD_AWAY) {
		buffer_append_text(out, ", the app is away");
	}
}
