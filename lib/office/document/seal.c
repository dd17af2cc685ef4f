/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/seal.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"

struct sealer {
	struct seal_design design;
	struct artist *artist;
	struct drawing drawing;
	struct buf file; /* of SEAL_FILE */
	char *contents;
	/* The text in the drawing at hand. */
	int64_t drawn_at;
	char *reason, *location;
	bool drawn;
};

static bool is_pdf(struct slice file)
{
	return file.len > 5 && memcmp(file.data, "%PDF-", 5) == 0;
}

static bool is_png(struct slice file)
{
	return file.len > 8 && memcmp(file.data, "\x89PNG\r\n\x1a\n", 8) == 0;
}

static enum deed_status load_file(struct sealer *s, struct deed_error *err)
{
	enum deed_status status;

	status = file_read(s->design.file, SEAL_FILE_MAX, &s->file, err);
	if (status != DEED_OK)
		return status;
	if (!is_pdf(buf_get(&s->file)) && !is_png(buf_get(&s->file)))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is neither a PDF nor a PNG",
				      s->design.file);
	return DEED_OK;
}

enum deed_status sealer_new(struct sealer **out,
			    const struct seal_design *design,
			    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct sealer *s;

	*out = NULL;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return deed_error_memory(err);
	s->design = *design;
	if (design->kind == SEAL_FILE)
		status = load_file(s, err);
	if (status != DEED_OK) {
		sealer_free(s);
		return status;
	}
	*out = s;
	return DEED_OK;
}

void sealer_free(struct sealer *sealer)
{
	if (sealer == NULL)
		return;
	artist_free(sealer->artist);
	buf_clear(&sealer->drawing.pdf);
	buf_clear(&sealer->file);
	free(sealer->contents);
	free(sealer->reason);
	free(sealer->location);
	free(sealer);
}

static bool same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : !strcmp(a, b);
}

/* Within a group only these can differ. */
static bool drawn_already(const struct sealer *s, const struct seal_text *text)
{
	return s->drawn && s->drawn_at == text->time &&
	       same_text(s->reason, text->reason) &&
	       same_text(s->location, text->location);
}

static enum deed_status remember(struct sealer *s, const struct seal_text *text,
				 struct deed_error *err)
{
	free(s->reason);
	free(s->location);
	s->reason = text->reason == NULL ? NULL : strdup(text->reason);
	s->location = text->location == NULL ? NULL : strdup(text->location);
	s->drawn_at = text->time;
	s->drawn = (s->reason != NULL || text->reason == NULL) &&
		   (s->location != NULL || text->location == NULL);
	return s->drawn ? DEED_OK : deed_error_memory(err);
}

/*
 * The annotation's text: outlines cannot be searched or read aloud.  The time
 * is not in it, so that the same signing is known again on another day.
 */
static enum deed_status write_contents(struct sealer *s,
				       const struct seal_text *text,
				       struct deed_error *err)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s by %s",
		   s->design.kind == SEAL_BOX ? "Signed" : "Sealed",
		   text->name);
	if (text->signer != NULL)
		buf_printf(&b, ", %s", text->signer);
	free(s->contents);
	s->contents = buf_take(&b, NULL);
	return s->contents == NULL ? deed_error_memory(err) : DEED_OK;
}

/* Lines of text, which must live until the drawing is made. */
struct lines {
	char time[64], reason[DRAW_TEXT_MAX], location[DRAW_TEXT_MAX];
};

static void fill_seal(struct draw_spec *spec, const struct seal_text *text,
		      struct lines *lines)
{
	char time[CLOCK_TEXT];

	clock_format(text->time, time);
	/* The day is enough on a seal; the whole time is in the signature. */
	(void)snprintf(lines->time, sizeof(lines->time), "%.10s", time);
	spec->kind = DRAW_SEAL;
	spec->lines[0] = lines->time;
	spec->lines[1] = text->signer != NULL ? text->signer : text->name;
}

static void fill_box(struct draw_spec *spec, const struct seal_text *text,
		     struct lines *lines)
{
	char time[CLOCK_TEXT];
	int n = 0;

	clock_format(text->time, time);
	(void)snprintf(lines->time, sizeof(lines->time), "%.10s %.8s UTC", time,
		       time + 11);
	spec->kind = DRAW_BOX;
	spec->lines[n++] = lines->time;
	if (text->reason != NULL) {
		(void)snprintf(lines->reason, sizeof(lines->reason), "%s",
			       text->reason);
		spec->lines[n++] = lines->reason;
	}
	if (text->location != NULL) {
		(void)snprintf(lines->location, sizeof(lines->location), "%s",
			       text->location);
		spec->lines[n++] = lines->location;
	}
}

static enum deed_status draw(struct sealer *s, const struct seal_text *text,
			     struct deed_error *err)
{
	struct draw_spec spec = { .width_mm = s->design.width_mm,
				  .name = text->name,
				  .time = text->time,
				  .preview = s->design.preview };
	enum deed_status status = DEED_OK;
	struct lines lines;

	if (s->design.kind == SEAL_ROUND)
		fill_seal(&spec, text, &lines);
	else if (s->design.kind == SEAL_BOX)
		fill_box(&spec, text, &lines);
	else {
		spec.kind = DRAW_IMAGE;
		spec.png = buf_get(&s->file);
	}
	if (s->artist == NULL)
		status = artist_new(&s->artist, err);
	if (status == DEED_OK)
		status = artist_draw(s->artist, &spec, &s->drawing, err);
	return status;
}

enum deed_status sealer_draw(struct sealer *sealer,
			     const struct seal_text *text,
			     struct pades_appearance *out,
			     struct deed_error *err)
{
	const struct seal_design *d = &sealer->design;
	bool own_pdf = d->kind == SEAL_FILE && is_pdf(buf_get(&sealer->file));
	enum deed_status status = DEED_OK;

	if (!drawn_already(sealer, text)) {
		sealer->drawn = false;
		status = write_contents(sealer, text, err);
		if (status == DEED_OK && !own_pdf)
			status = draw(sealer, text, err);
		if (status == DEED_OK)
			status = remember(sealer, text, err);
	}
	if (status != DEED_OK)
		return status;
	*out = (struct pades_appearance){
		.pdf = buf_get(own_pdf ? &sealer->file : &sealer->drawing.pdf),
		.page = d->page,
		.x_mm = d->x_mm,
		.y_mm = d->y_mm,
		.anywhere = d->anywhere,
		.width_mm = d->width_mm,
		.contents = sealer->contents,
		.every_page = d->every_page,
		.seam = d->seam,
		.seam_top_mm = d->seam_top_mm,
		.no_field = d->no_field,
	};
	return DEED_OK;
}
