/* SPDX-License-Identifier: Apache-2.0 */
#include "asic/manifest_priv.h"
#include "asic/names.h"
#include "codec/base64.h"
#include "codec/xml.h"

#define SIGNATURE_TYPE "application/pkcs7-signature"
#define TIMESTAMP_TYPE "application/vnd.etsi.timestamp-token"

/* Percent-encode what RFC 3986 does not allow in a path; '/' stays. */
static void encode_uri(const char *name, struct buf *out)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-._~/";

	for (; *name != '\0'; name++) {
		if (strchr(allowed, *name) != NULL)
			buf_byte(out, (uint8_t)*name);
		else
			buf_printf(out, "%%%02X", (unsigned char)*name);
	}
}

/* Attributes and elements stand in the order of the schema; the text is always
 * the same for the same manifest. */
static void write_reference(const struct asic_manifest_reference *ref,
			    struct buf *out)
{
	buf_str(out, "  <DataObjectReference URI=\"");
	encode_uri(ref->name, out);
	if (ref->mime_type != NULL) {
		buf_str(out, "\" MimeType=\"");
		xml_escape(slice_str(ref->mime_type), out);
	}
	if (ref->rootfile)
		buf_str(out, "\" Rootfile=\"true");
	buf_str(out, "\">\n    <ds:DigestMethod Algorithm=\"");
	buf_str(out, asic_digest_uri(ref->alg));
	buf_str(out, "\"/>\n    <ds:DigestValue>");
	base64_encode(slice_of(ref->digest, ref->digest_len), out);
	buf_str(out, "</ds:DigestValue>\n  </DataObjectReference>\n");
}

enum deed_status asic_manifest_write(const struct asic_manifest *m,
				     struct buf *out, struct deed_error *err)
{
	size_t i, before = out->len;

	if (m->count > MANIFEST_REFERENCES)
		return deed_error_set(err, DEED_LIMIT,
				      "the manifest of a container would name "
				      "more than %d files",
				      MANIFEST_REFERENCES);
	buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		     "<ASiCManifest xmlns=\"" NS_ASIC "\" xmlns:ds=\"" NS_DS
		     "\">\n  <SigReference URI=\"");
	encode_uri(m->signature, out);
	buf_str(out, "\" MimeType=\"");
	buf_str(out, asic_role(m->signature) == ASIC_ROLE_TIMESTAMP
			     ? TIMESTAMP_TYPE
			     : SIGNATURE_TYPE);
	buf_str(out, "\"/>\n");
	for (i = 0; i < m->count && out->len - before <= MANIFEST_SIZE; i++)
		write_reference(&m->references[i], out);
	buf_str(out, "</ASiCManifest>\n");
	if (buf_status(out, NULL) == DEED_OK &&
	    out->len - before > MANIFEST_SIZE)
		return deed_error_set(err, DEED_LIMIT,
				      "the manifest of a container would be "
				      "larger than %u bytes",
				      MANIFEST_SIZE);
	return buf_status(out, err);
}
