/* SPDX-License-Identifier: Apache-2.0 */

/*
 * draw_tool HELPERS <LIST: drawings by deed-draw, a line of LIST each, its
 * fields separated by tabs, and empty where there is nothing:
 * FILE KIND WIDTH EMBLEM NAME PURPOSE NUMBER LINE.  KIND and EMBLEM are
 * numbers of draw/spec.h.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/process.h"
#include "draw/draw.h"

#define FIELDS 8

static const char *text_of(const char *field)
{
	return *field == '\0' ? NULL : field;
}

static int draw(struct artist *artist, char *const f[FIELDS])
{
	struct draw_spec spec = {
		.kind = (enum draw_kind)strtoul(f[1], NULL, 10),
		.width_mm = strtod(f[2], NULL),
		.emblem = (enum draw_emblem)strtoul(f[3], NULL, 10),
		.name = f[4],
		.purpose = text_of(f[5]),
		.number = text_of(f[6]),
		.lines = { text_of(f[7]) },
	};
	struct deed_error err = DEED_ERROR_INIT;
	struct drawing out = DRAWING_INIT;
	FILE *to;
	int bad;

	if (artist_draw(artist, &spec, &out, &err) != DEED_OK) {
		fprintf(stderr, "%s: %s\n", f[0], err.message);
		return 1;
	}
	to = fopen(f[0], "w");
	bad = to == NULL || fwrite(out.pdf.data, 1, out.pdf.len, to) == 0;
	if (to != NULL)
		bad |= fclose(to) != 0;
	buf_clear(&out.pdf);
	return bad;
}

int main(int argc, char **argv)
{
	struct artist *artist = NULL;
	char line[4096], *f[FIELDS], *rest;
	int i, bad = argc != 2;

	(void)signal(SIGPIPE, SIG_IGN);
	process_set_helpers(argv[1]);
	bad = bad || artist_new(&artist, NULL) != DEED_OK;
	while (!bad && fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		rest = line;
		for (i = 0; i < FIELDS; i++) {
			f[i] = strsep(&rest, "\t");
			bad |= f[i] == NULL;
		}
		bad = bad || draw(artist, f);
	}
	artist_free(artist);
	return bad;
}
