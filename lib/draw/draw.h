/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_DRAW_H
#define DEED_DRAW_DRAW_H

#include "draw/spec.h"

/*
 * Drawing, from deed's side: the helper deed-draw does it, because pango and
 * cairo cost 22 ms before main and a sign costs a few.  One artist draws any
 * number of drawings; the process starts with the first.  One thread.
 *
 *	artist_new(&artist, err)
 *	artist_draw(artist, &spec, &drawing, err)
 *	...
 *	artist_free(artist)
 */
struct artist;

enum deed_status artist_new(struct artist **out,
			    struct deed_error *err) DEED_MUST_USE;

/*
 * Draw spec into out, which the caller has initialised and clears (buf_clear
 * of its pdf).  Statuses beside the general: DEED_UNSUPPORTED (a character
 * that no font has; a hint names a package), DEED_USAGE (a limit of spec.h),
 * DEED_MALFORMED (the PNG), DEED_SYSTEM (the helper is missing or died).
 */
enum deed_status artist_draw(struct artist *artist,
			     const struct draw_spec *spec, struct drawing *out,
			     struct deed_error *err) DEED_MUST_USE;

/* Ends the helper.  NULL does nothing. */
void artist_free(struct artist *artist);

#endif
