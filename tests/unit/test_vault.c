/* Secrets are sealed, and only the right key and the right place open them. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "relay/vault.h"
#include "tests/unit/unit.h"

struct folder {
	char path[64];
	char key[96];
};

static int make_folder(void **state) {
	static struct folder folder;
	snprintf(folder.path, sizeof folder.path, "/tmp/test_vault.XXXXXX");
	assert_non_null(mkdtemp(folder.path));
	snprintf(folder.key, sizeof folder.key, "%s/key", folder.path);
	*state = &folder;
	return 0;
}

static int remove_folder(void **state) {
	struct folder *folder = *state;
	unlink(folder->key);
	return rmdir(folder->path);
}

static struct vault *open_or_fail(const char *file) {
	struct error err = {0};
	struct vault *vault = vault_open(file, &err);
	assert_string_equal(err.text, "");
	return vault;
}

static void assert_refused(const char *file, const char *text) {
	struct error err = {0};
	assert_null(vault_open(file, &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_non_null(strstr(err.text, text));
}

static void write_file(const char *path, const char *bytes, size_t len, mode_t mode) {
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static void a_key_is_made_where_there_is_none_and_only_we_can_read_it(void **state) {
	struct folder *folder = *state;
	vault_free(open_or_fail(folder->key));
	struct stat stat_of_key;
	assert_int_equal(stat(folder->key, &stat_of_key), 0);
	assert_int_equal(stat_of_key.st_mode & 07777, 0600);
	assert_int_equal(stat_of_key.st_size, 32);
}

static void a_sealed_secret_opens_after_a_restart(void **state) {
	struct folder *folder = *state;
	struct buffer sealed = {0}, secret = {0};
	struct error err = {0};
	struct vault *vault = open_or_fail(folder->key);
	vault_seal(vault, span_text("whsec_abc"), span_text("shop/live"), &sealed);
	vault_free(vault);

	vault = open_or_fail(folder->key);
	assert_true(
		vault_open_secret(vault, buffer_span(&sealed), span_text("shop/live"), &secret, &err));
	assert_true(span_is(buffer_span(&secret), "whsec_abc"));
	vault_free(vault);
	buffer_clear(&sealed);
	buffer_clear(&secret);
}

static void the_same_secret_never_seals_to_the_same_bytes(void **state) {
	(void)state;
	struct vault *vault = open_or_fail(NULL);
	struct buffer one = {0}, other = {0};
	vault_seal(vault, span_text("secret"), span_text("a"), &one);
	vault_seal(vault, span_text("secret"), span_text("a"), &other);
	assert_int_equal(one.len, other.len);
	assert_false(span_equal(buffer_span(&one), buffer_span(&other)));
	buffer_clear(&one);
	buffer_clear(&other);
	vault_free(vault);
}

static void a_secret_moved_to_another_endpoint_does_not_open(void **state) {
	(void)state;
	struct vault *vault = open_or_fail(NULL);
	struct buffer sealed = {0}, secret = {0};
	struct error err = {0};
	vault_seal(vault, span_text("secret"), span_text("a/live"), &sealed);
	assert_false(
		vault_open_secret(vault, buffer_span(&sealed), span_text("b/live"), &secret, &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_int_equal(secret.len, 0);
	buffer_clear(&sealed);
	buffer_clear(&secret);
	vault_free(vault);
}

static void any_changed_byte_is_noticed(void **state) {
	(void)state;
	struct vault *vault = open_or_fail(NULL);
	struct buffer sealed = {0}, secret = {0};
	struct error err = {0};
	vault_seal(vault, span_text("secret"), span_text("a"), &sealed);
	for (size_t i = 0; i < sealed.len; i++) {
		sealed.data[i] ^= 1;
		assert_false(vault_open_secret(vault, buffer_span(&sealed), span_text("a"), &secret, &err));
		sealed.data[i] ^= 1;
	}
	assert_true(vault_open_secret(vault, buffer_span(&sealed), span_text("a"), &secret, &err));
	buffer_clear(&sealed);
	buffer_clear(&secret);
	vault_free(vault);
}

static void another_key_does_not_open_it(void **state) {
	(void)state;
	struct vault *ours = open_or_fail(NULL), *theirs = open_or_fail(NULL);
	struct buffer sealed = {0}, secret = {0};
	struct error err = {0};
	vault_seal(ours, span_text("secret"), span_text("a"), &sealed);
	assert_false(vault_open_secret(theirs, buffer_span(&sealed), span_text("a"), &secret, &err));
	assert_non_null(strstr(err.text, "another key file"));
	buffer_clear(&sealed);
	buffer_clear(&secret);
	vault_free(ours);
	vault_free(theirs);
}

static void a_key_file_others_can_read_is_refused_with_the_remedy(void **state) {
	struct folder *folder = *state;
	write_file(folder->key, "0123456789abcdef0123456789abcdef", 32, 0640);
	assert_refused(folder->key, "chmod 600");
}

static void a_key_file_of_the_wrong_length_is_refused(void **state) {
	struct folder *folder = *state;
	write_file(folder->key, "short", 5, 0600);
	assert_refused(folder->key, "has 5 bytes instead of 32");
}

static void a_folder_is_no_key_file(void **state) {
	struct folder *folder = *state;
	assert_refused(folder->path, "is not a file");
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_made_where_there_is_none_and_only_we_can_read_it),
		cmocka_unit_test(a_sealed_secret_opens_after_a_restart),
		cmocka_unit_test(the_same_secret_never_seals_to_the_same_bytes),
		cmocka_unit_test(a_secret_moved_to_another_endpoint_does_not_open),
		cmocka_unit_test(any_changed_byte_is_noticed),
		cmocka_unit_test(another_key_does_not_open_it),
		cmocka_unit_test(a_key_file_others_can_read_is_refused_with_the_remedy),
		cmocka_unit_test(a_key_file_of_the_wrong_length_is_refused),
		cmocka_unit_test(a_folder_is_no_key_file),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
