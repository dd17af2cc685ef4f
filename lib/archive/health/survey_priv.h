/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_SURVEY_PRIV_H
#define DEED_ARCHIVE_HEALTH_SURVEY_PRIV_H

#include "archive/health/survey.h"

/* What the files of the survey share. */

/* There was no memory: the survey fails at its end. */
void survey_no_memory(struct survey *s);

/* What became of reading an object; where the place fails it is away from
 * now on. */
enum survey_state survey_outcome(struct survey *s, unsigned part,
				 enum deed_status status);

/* A list that is wrong was not read: nothing in it is there, nor missing. */
void survey_unlisted(struct survey *s, unsigned part);

/* Set the state of an object and tell what is amiss. */
void survey_set(struct survey *s, unsigned part, size_t i,
		enum survey_state state);

/* Was an object that lies for all deposits found right here, or now?  size (or
 * NULL) is how long it is. */
bool survey_is_known(const struct survey *s, unsigned part,
		     const struct object_name *o, uint64_t *size);
void survey_know(struct survey *s, unsigned part, const struct object_name *o,
		 uint64_t size);

/* All parts of a chunk: read, completed, compared; then s->chunk. */
void survey_parts(struct survey *s, size_t chunk);

/* What else lies in the folder of the deposit. */
enum deed_status survey_list(struct survey *s, unsigned part,
			     struct deed_error *err) DEED_MUST_USE;

/* After survey_list at all places: the states by what names were there, and how
 * long it is. */
void survey_presence(struct survey *s);

#endif
