/* The statements the writer keeps prepared. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>

#include "common/error.h"

enum sqlite_statement {
	STATEMENT_BEGIN,
	STATEMENT_COMMIT,
	STATEMENT_PROBE,
	STATEMENT_COUNTER,
	STATEMENT_COUNTER_SET,
	STATEMENT_DELIVERY_REPEAT,
	STATEMENT_DELIVERY_ADD,
	STATEMENT_DELIVERY_TRIM,
	STATEMENT_EVENT_ADD,
	STATEMENT_EVENT_FIND,
	STATEMENT_EVENT_TRIED,
	STATEMENT_EVENT_JUDGE,
	STATEMENT_ATTEMPT_ADD,
	STATEMENT_ATTEMPT_FIND,
	STATEMENT_CONTENT_ADD,
	STATEMENT_ENDPOINT_ADD,
	STATEMENT_ENDPOINT_CHANGE,
	STATEMENT_ENDPOINT_COUNT,
	STATEMENT_ENDPOINT_REMOVE,
	STATEMENT_SECRET_PUT,
	STATEMENT_SECRET_REMOVE,
	STATEMENT_SECRETS_REMOVE,
	STATEMENT_REFUSAL_ADD,
	STATEMENT_REFUSAL_TRIM,
	STATEMENT_COUNT,
};

struct sqlite_statements {
	sqlite3_stmt *all[STATEMENT_COUNT];
};

/* NULL and `err` when one does not fit the tables. */
struct sqlite_statements *sqlite_statements_new(sqlite3 *db, struct error *err);
void sqlite_statements_free(struct sqlite_statements *statements);
