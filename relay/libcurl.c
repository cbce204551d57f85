#include "relay/libcurl.h"

#include <dlfcn.h>
#include <string.h>

/* The interface that curl/curl.h describes; it has not changed since 2006. */
#define LIBRARY "libcurl.so.4"

/* ISO C has no way from an object's address to a function's; POSIX says that the bytes are the same. */
static bool find(struct libcurl *curl, const char *name, void *function) {
	void *address = dlsym(curl->library, name);
	memcpy(function, &address, sizeof address);
	return address != NULL;
}

static bool find_all(struct libcurl *curl) {
	return find(curl, "curl_easy_init", &curl->easy_init) &&
	       find(curl, "curl_easy_setopt", &curl->easy_setopt) &&
	       find(curl, "curl_easy_perform", &curl->easy_perform) &&
	       find(curl, "curl_easy_getinfo", &curl->easy_getinfo) &&
	       find(curl, "curl_easy_strerror", &curl->easy_strerror) &&
	       find(curl, "curl_easy_cleanup", &curl->easy_cleanup) &&
	       find(curl, "curl_slist_append", &curl->slist_append) &&
	       find(curl, "curl_slist_free_all", &curl->slist_free_all) &&
	       find(curl, "curl_global_init", &curl->global_init) &&
	       find(curl, "curl_global_cleanup", &curl->global_cleanup);
}

bool libcurl_load(struct libcurl *curl, struct error *err) {
	*curl = (struct libcurl){.library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL)};
	if (!curl->library) {
		return error_set(err, ERROR_IO, "%s (the package libcurl4 has it)", dlerror());
	}
	if (!find_all(curl)) {
		error_set(err, ERROR_IO, "%s: %s", LIBRARY, dlerror());
	} else if (curl->global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
		return true;
	} else {
		error_set(err, ERROR_IO, "libcurl does not start");
	}
	dlclose(curl->library);
	*curl = (struct libcurl){0};
	return false;
}

void libcurl_unload(struct libcurl *curl) {
	if (curl->library) {
		curl->global_cleanup();
		dlclose(curl->library);
		*curl = (struct libcurl){0};
	}
}
