/* SPDX-License-Identifier: Apache-2.0 */
#include "key/qc_statements.h"

#include "codec/der.h"

static enum deed_status broken(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the certificate's qcStatements are broken");
}

static enum deed_status too_many(struct deed_error *err)
{
	return deed_error_set(err, DEED_LIMIT,
			      "the certificate has more than %d qcStatements",
			      QC_STATEMENTS_MAX);
}

/* Another type is noted: the certificate is then for something else too. */
static void add_type(struct qc_statements *q, enum oid type)
{
	if (type == OID_QC_TYPE_ESIGN)
		q->purpose |= QC_FOR_SIGNATURES;
	else if (type == OID_QC_TYPE_ESEAL)
		q->purpose |= QC_FOR_SEALS;
	else if (type == OID_QC_TYPE_WEB)
		q->purpose |= QC_FOR_WEBSITES;
	else
		q->other_type = true;
}

/* QcType ::= SEQUENCE OF OBJECT IDENTIFIER (EN 319 412-5 4.2.3). */
static enum deed_status read_types(struct der_reader *info,
				   struct qc_statements *q,
				   struct deed_error *err)
{
	struct der_reader types;
	enum oid type;
	size_t n = 0;

	if (q->has_type || !der_enter(info, DER_SEQUENCE, &types) ||
	    der_at_end(&types))
		return broken(err);
	q->has_type = true;
	while (!der_at_end(&types)) {
		if (n++ == QC_STATEMENTS_MAX)
			return too_many(err);
		if (!der_get_known_oid(&types, &type))
			return broken(err);
		add_type(q, type);
	}
	return DEED_OK;
}

/* A statement that is its identifier alone, and is made once. */
static bool take_flag(bool *flag, const struct der_reader *info)
{
	if (*flag || !der_at_end(info))
		return false;
	*flag = true;
	return true;
}

/* Those that count stand at most once and in the form of EN 319 412-5: a
 * certificate that says a thing twice could be read in two ways. */
static enum deed_status read_statement(struct der_reader *list,
				       struct qc_statements *q,
				       struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct der_reader s;
	bool good = true;
	enum oid id;

	if (!der_enter(list, DER_SEQUENCE, &s) || !der_get_known_oid(&s, &id))
		return broken(err);
	if (id == OID_QC_COMPLIANCE) {
		good = take_flag(&q->compliance, &s);
	} else if (id == OID_QC_SSCD) {
		good = take_flag(&q->device, &s);
	} else if (id == OID_QC_TYPE) {
		status = read_types(&s, q, err);
	} else if (id == OID_QC_LEGISLATION) {
		good = !q->elsewhere && der_get(&s, DER_SEQUENCE, NULL);
		q->elsewhere = true;
	} else if (!der_at_end(&s)) {
		good = der_skip(&s); /* statementInfo of another's */
	}
	if (status == DEED_OK && (!good || !der_at_end(&s)))
		status = broken(err);
	return status;
}

enum deed_status qc_statements_parse(struct slice value,
				     struct qc_statements *out,
				     struct deed_error *err)
{
	struct qc_statements q = { 0 };
	enum deed_status status = DEED_OK;
	struct der_reader list;
	size_t n = 0;

	*out = q;
	if (!der_open(value, DER_SEQUENCE, &list))
		return broken(err);
	while (status == DEED_OK && !der_at_end(&list)) {
		if (n++ == QC_STATEMENTS_MAX)
			return too_many(err);
		status = read_statement(&list, &q, err);
	}
	if (status == DEED_OK)
		*out = q;
	return status;
}

enum deed_status qc_statements_read(const struct cert *c,
				    struct qc_statements *out,
				    struct deed_error *err)
{
	const struct cert_extension *e = cert_extension(c, OID_QC_STATEMENTS);

	*out = (struct qc_statements){ 0 };
	if (e == NULL)
		return DEED_OK;
	return qc_statements_parse(e->value, out, err);
}
