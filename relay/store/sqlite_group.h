/* One transaction of the writer: runs the jobs of a group, gives out numbers, commits or undoes. */
#pragma once

#include "relay/store/sqlite_writer.h"

/* Fills in the group's outcome and the writer's health. An empty group tries whether the disk takes writes again. */
void sqlite_group_commit(struct sqlite_writer *writer, struct sqlite_group *group);
