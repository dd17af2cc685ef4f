/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/seal.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "codec/utf8.h"
#include "crypto/digest.h"
#include "key/x509_name.h"

struct sealer {
	struct seal_design design;
	struct artist *artist;
	struct drawing drawing;
	struct buf file; /* of the design */
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

/* The first bytes of a PNG, and of a JPEG. */
static bool is_picture(struct slice file)
{
	return (file.len > 8 &&
		memcmp(file.data, "\x89PNG\r\n\x1a\n", 8) == 0) ||
	       (file.len > 3 && memcmp(file.data, "\xff\xd8\xff", 3) == 0);
}

static bool is_han(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0x20000 && c <= 0x3ffff);
}

static bool is_arabic(uint32_t c)
{
	return c >= 0x600 && c <= 0x77f;
}

/* By the first bytes alone: what is in the picture is read by the artist, in
 * its own process.  A PDF goes only where it is the whole appearance. */
static enum deed_status load_file(struct sealer *s, struct deed_error *err)
{
	enum deed_status status;

	status = file_read(s->design.file, SEAL_FILE_MAX, &s->file, err);
	if (status != DEED_OK)
		return status;
	if (!is_picture(buf_get(&s->file)) &&
	    !(s->design.kind == SEAL_FILE && is_pdf(buf_get(&s->file))))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is no picture: expected a PNG or "
				      "JPEG%s",
				      s->design.file,
				      s->design.kind == SEAL_FILE
					      ? ", or a PDF of one page"
					      : "");
	return DEED_OK;
}

/* The file is read at once, so that one that will not do is told before a
 * batch begins. */
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
	if (design->file != NULL)
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

/* Where a copy fails nothing counts as drawn, so that the next call draws
 * again. */
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
	if (s->design.purpose != NULL)
		buf_printf(&b, ", %s", s->design.purpose);
	if (s->design.number != NULL)
		buf_printf(&b, ", %s", s->design.number);
	free(s->contents);
	s->contents = buf_take(&b, NULL);
	return s->contents == NULL ? deed_error_memory(err) : DEED_OK;
}

/* Texts that must live until the drawing is made. */
struct lines {
	char time[64], reason[DRAW_TEXT_MAX], location[DRAW_TEXT_MAX];
	char certificate[64];
	struct buf country, organisation;
};

/* The country of the certificate decides, where it has one; the script of the
 * name is a guess for those without. */
static bool is_chinese(const struct seal_text *text, const struct lines *l)
{
	struct slice name = slice_str(text->name);
	uint32_t c;

	if (l->country.len > 0)
		return slice_equal_str(buf_get(&l->country), "CN");
	while (utf8_next(&name, &c)) {
		if (is_han(c))
			return true;
	}
	return false;
}

/* The strings are borrowed from the design, the text and l, all of which
 * outlive the drawing. */
static void fill_seal(const struct sealer *s, struct draw_spec *spec,
		      const struct seal_text *text, struct lines *l)
{
	const struct seal_design *d = &s->design;
	int n = 0;

	spec->kind = DRAW_SEAL;
	spec->purpose = d->purpose;
	spec->number = d->number;
	if (d->emblem == SEAL_EMBLEM_FILE)
		spec->emblem = DRAW_EMBLEM_IMAGE;
	else if (d->emblem == SEAL_EMBLEM_STAR ||
		 (d->emblem == SEAL_EMBLEM_BY_NAME && is_chinese(text, l)))
		spec->emblem = DRAW_EMBLEM_STAR;
	/* The day is enough on a seal; the whole time is in the signature. */
	l->time[10] = '\0';
	if (!d->no_date)
		spec->lines[n++] = l->time;
	if (text->signer != NULL)
		spec->lines[n++] = text->signer;
}

/* Words of a box, in the language of whose it is, as far as we have them. */
struct words {
	const char *signature, *seal, *certificate;
};

/* The first letter of a script that is known decides; all else is English. */
static const struct words *words_of(const struct seal_text *text)
{
	static const struct words words[] = {
		{ "Electronic signature", "Electronic seal", "Certificate" },
		{ "电子签名", "电子印章", "证书" },
		{ "توقيع إلكتروني", "ختم إلكتروني", "شهادة" },
	};
	struct slice name = slice_str(text->name);
	size_t i = 0;
	uint32_t c;

	while (i == 0 && utf8_next(&name, &c))
		i = is_han(c) ? 1 : is_arabic(c) ? 2 : 0;
	return &words[i];
}

/* Cut where a character ends, so that what is left is UTF-8 still. */
static void copy_line(char out[DRAW_TEXT_MAX], const char *text)
{
	struct slice cut = slice_str(text);

	cut.len = utf8_cut(cut, DRAW_TEXT_MAX - 1);
	memcpy(out, cut.data, cut.len);
	out[cut.len] = '\0';
}

/* The name is the drawing's own; these are the lines beneath it.  The user's
 * texts are cut to what the artist takes, at a character's end.  Of the
 * certificate the last four bytes are enough to tell two of them apart. */
static void fill_box(struct draw_spec *spec, const struct seal_text *text,
		     struct lines *l)
{
	const struct words *words = words_of(text);
	int n = 0;

	spec->kind = DRAW_BOX;
	spec->title = text->organisation ? words->seal : words->signature;
	if (l->organisation.len > 1 &&
	    strcmp((const char *)l->organisation.data, text->name) != 0)
		spec->lines[n++] = (const char *)l->organisation.data;
	if (text->signer != NULL)
		spec->lines[n++] = text->signer;
	spec->lines[n++] = l->time;
	if (text->reason != NULL && *text->reason != '\0') {
		copy_line(l->reason, text->reason);
		spec->lines[n++] = l->reason;
	}
	if (text->location != NULL && *text->location != '\0') {
		copy_line(l->location, text->location);
		spec->lines[n++] = l->location;
	}
	if (text->certificate != NULL) {
		const uint8_t *f = cert_sha256(text->certificate);

		(void)snprintf(l->certificate, sizeof(l->certificate),
			       "%s …%02x%02x%02x%02x", words->certificate,
			       f[SHA256_SIZE - 4], f[SHA256_SIZE - 3],
			       f[SHA256_SIZE - 2], f[SHA256_SIZE - 1]);
		spec->lines[n++] = l->certificate;
	}
}

/* "2026-11-29 21:04:05 +08:00" */
static void put_time(const struct seal_text *text, struct lines *l)
{
	int minutes = abs(text->offset);
	char time[CLOCK_TEXT];

	clock_format(text->time + (int64_t)text->offset * 60, time);
	(void)snprintf(l->time, sizeof(l->time), "%.10s %.8s %c%02d:%02d", time,
		       time + 11, text->offset < 0 ? '-' : '+', minutes / 60,
		       minutes % 60);
}

/* What the certificate says. */
static void read_certificate(const struct cert *c, struct lines *l)
{
	struct buf organisation = BUF_INIT;

	if (c == NULL)
		return;
	(void)x509_name_get(cert_fields(c)->subject, OID_COUNTRY, &l->country);
	if (x509_name_get(cert_fields(c)->subject, OID_ORGANISATION,
			  &organisation) &&
	    organisation.len < DRAW_TEXT_MAX)
		utf8_clean(buf_get(&organisation), &l->organisation);
	buf_byte(&l->organisation, '\0');
	buf_clear(&organisation);
}

/* The helper is started with the first drawing only. spec borrows from l,
 * which is cleared behind it. */
static enum deed_status draw(struct sealer *s, const struct seal_text *text,
			     struct deed_error *err)
{
	struct draw_spec spec = { .width_mm = s->design.width_mm,
				  .name = text->name,
				  .font = s->design.font,
				  .image = buf_get(&s->file),
				  .time = text->time };
	struct lines l = { .country = BUF_INIT, .organisation = BUF_INIT };
	enum deed_status status = DEED_OK;

	put_time(text, &l);
	read_certificate(text->certificate, &l);
	if (l.organisation.failed || l.country.failed)
		status = deed_error_memory(err);
	if (s->design.kind == SEAL_ROUND)
		fill_seal(s, &spec, text, &l);
	else if (s->design.kind == SEAL_SQUARE)
		spec.kind = DRAW_SQUARE;
	else if (s->design.kind == SEAL_BOX)
		fill_box(&spec, text, &l);
	else
		spec.kind = DRAW_IMAGE;
	if (status == DEED_OK && s->artist == NULL)
		status = artist_new(&s->artist, err);
	buf_clear(&s->drawing.pdf);
	if (status == DEED_OK)
		status = artist_draw(s->artist, &spec, &s->drawing, err);
	buf_clear(&l.country);
	buf_clear(&l.organisation);
	return status;
}

/* A PDF of the user's is taken as it is; only the annotation's text is made
 * for it. */
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
		.ground = d->kind == SEAL_BOX,
		.contents = sealer->contents,
		.every_page = d->every_page,
		.seam = d->seam,
		.seam_top_mm = d->seam_top_mm,
		.no_field = d->no_field,
	};
	return DEED_OK;
}
