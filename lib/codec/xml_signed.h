/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_XML_SIGNED_H
#define DEED_CODEC_XML_SIGNED_H

#include "base/buf.h"

/*
 * A signed XML document taken apart and canonicalised, through libxml2 in the
 * sandboxed helper deed-unpack, for the one shape of signature that deed
 * accepts (trust/xmldsig.h): one ds:Signature, last child of the root, with
 * one SignedInfo, one SignatureValue, at most one KeyInfo and the one
 * SignedProperties of XAdES in it, whose Id no other element has.  Nothing is
 * hashed here and nothing believed: the caller does both with the octets.
 * Limits and encoding as codec/xml.h, and XML_SIGNED_CERTIFICATES
 * certificates.  The tree takes memory by tags, attributes and comments:
 * XML_SIGNED_ITEMS of them.  Canonicalisation takes time by namespaces in
 * scope, squared: XML_SIGNED_NODES within SignedProperties.  A canonical form
 * has UNPACK_BODY_MAX octets at most, however often it repeats the name of a
 * namespace.
 */
#define XML_SIGNED_CERTIFICATES 16
#define XML_SIGNED_ITEMS (1u << 20)
#define XML_SIGNED_NODES 4096

struct xml_signed {
	/* the document without its signature, exclusive C14N */
	struct buf document;
	struct buf signed_info;	   /* exclusive C14N */
	struct buf properties;	   /* SignedProperties, exclusive C14N */
	struct buf properties_1_0; /* the same in C14N 1.0 */
	struct buf value;	   /* text of SignatureValue */
	/* texts of the certificates in KeyInfo */
	struct buf certificates[XML_SIGNED_CERTIFICATES];
	size_t certificate_count;
};

/*
 * Fill out, which the caller clears, also after a failure; name is for
 * messages.  DEED_MALFORMED, DEED_UNSUPPORTED, DEED_LIMIT as xml_read;
 * DEED_NO_SIGNATURE; DEED_BAD_SIGNATURE for another shape, saying what is
 * wrong with it.
 */
enum deed_status xml_signed_read(struct slice document, const char *name,
				 struct xml_signed *out,
				 struct deed_error *err) DEED_MUST_USE;
void xml_signed_clear(struct xml_signed *s);

/* The second half of xml_signed_read: take the frames of xml_signed_serve. */
enum deed_status xml_signed_take(int fd, struct xml_signed *out,
				 struct deed_error *err) DEED_MUST_USE;

/* The wire: one frame for each member of the struct, then the end. */
enum xml_signed_frame {
	XML_SIGNED_DOCUMENT = 1,
	XML_SIGNED_INFO,
	XML_SIGNED_PROPERTIES,
	XML_SIGNED_PROPERTIES_1_0,
	XML_SIGNED_VALUE,
	XML_SIGNED_CERTIFICATE,
	XML_SIGNED_DONE
};

#endif
