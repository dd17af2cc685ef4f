/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_QUALIFY_H
#define DEED_TRUST_QUALIFY_H

#include "key/qc_statements.h"

/*
 * Was the signer's certificate a qualified one, or its CA licensed, at a
 * time?  The rules of ETSI TS 119 615 4.4 and 4.5 as a pure function of what
 * a trust list says of the services whose certificate stands in the path, of
 * what the certificate says of itself, and of the times.  No clock, no file,
 * no memory; nothing is kept.
 *
 * Who calls has judged the list's signature and its signer, chosen the
 * services by the path, and held the certificate against the criteria of each
 * rule: one that it does not know is QUALIFY_MATCH_UNKNOWN.
 *
 * The rules, of a certificate issued and a time asked about since Regulation
 * 910/2014 applies (QUALIFY_EIDAS), by the steps PRO-4.4.4-n of TS 119 615:
 * - the service must be granted (10); a status of the Directive's, still there
 *   then, tells nothing (10A);
 * - it answers for the purposes alone that the list adds to it (08, 16, 24);
 * - NotQualified beside QCStatement, two purposes, a purpose by qualifier that
 *   the service is not granted for, and QCForLegalPerson of a certificate for
 *   signatures contradict (12, 20, 28);
 * - NotQualified denies; else QcCompliance of the certificate or QCStatement
 *   of the list makes it qualified (tables 1 to 3);
 * - for what: the list's qualifier, else QcType, else signatures, the last
 *   only where the certificate has QcCompliance (tables 1 to 3).
 * Where either lies before, Directive 1999/93/EC decides (33): for signatures
 * only; at a time before, the service was under supervision, in cessation of
 * it, or accredited; QcCompliance, or one of the policies QCP and QCP+ of
 * TS 101 456, or QCStatement make it qualified.
 *
 * Whether the key is in a qualified device is told beside it, and decides
 * nothing here: it makes a signature qualified, not a certificate.
 *
 * Stricter than TS 119 615: services that differ contradict even where one
 * has a rule and the other none; laws of another country (QcCClegislation) do
 * not qualify by the certificate's own word; a QcType that is not known, or
 * that the Directive did not have, is doubt.  Left out is step 06, which
 * compares the operator's name with the issuer's: a list names certificates,
 * and operators change names.
 *
 * Doubt is no "no": where the list's words contradict each other, or speak of
 * what is not known here, the answer is QUALIFICATION_UNKNOWN.
 */

/* 1 July 2016 in Brussels. */
#define QUALIFY_EIDAS INT64_C(1467324000)

/* Of what is asserted; the greater number is the worse. */
enum qualification {
	QUALIFICATION_QUALIFIED,
	QUALIFICATION_LICENSED,
	QUALIFICATION_SELF_ASSERTED,
	QUALIFICATION_UNKNOWN,
	QUALIFICATION_NOT,
};

enum qualify_reason {
	QUALIFY_FINE,
	QUALIFY_OWN_HOUSE,	     /* the compiler judges his own CA */
	QUALIFY_LIST_ENDED,	     /* before the time asked */
	QUALIFY_STATUS_UNKNOWN,	     /* a status that deed does not know */
	QUALIFY_RULE_UNKNOWN,	     /* a criterion that it does not know */
	QUALIFY_RULES_CONTRADICT,    /* qualifiers, or QcType and they */
	QUALIFY_PURPOSE_UNKNOWN,     /* qualified, but nobody says for what */
	QUALIFY_SERVICES_CONTRADICT, /* two services, two answers */
	QUALIFY_CLAIMS_BROKEN,	     /* qcStatements that cannot be read */
	QUALIFY_HISTORY_CONTRADICTS, /* two statuses of one second */
	QUALIFY_NOT_LISTED,	     /* no service, or none so early */
	QUALIFY_NOT_LICENSED,	     /* its status was another */
	QUALIFY_NOT_QUALIFIED,	     /* nobody says that it is qualified */
	QUALIFY_OTHER_PURPOSE,	     /* not what the CA may issue */
	QUALIFY_NO_PATH,      /* to the CA: it may be one that is listed */
	QUALIFY_OTHER_SCHEME, /* than the Union's: qualifies nobody */
};

enum qualify_status {
	QUALIFY_STATUS_GRANTED,	   /* or licensed */
	QUALIFY_STATUS_SUPERVISED, /* or accredited: granted, before eIDAS */
	QUALIFY_STATUS_WITHDRAWN,  /* or any other that ends it */
	QUALIFY_STATUS_OTHER,	   /* not known */
};

/* Is this the status that grants at a time?  In a European list that is
 * another since the Regulation (PRO-4.4.4-10A); in a list of licences not. */
bool qualify_grants(enum qualify_status status, bool licences, int64_t at);

enum qualify_match {
	QUALIFY_MATCH_NO,
	QUALIFY_MATCH_YES,
	QUALIFY_MATCH_UNKNOWN,
};

/* Qualifiers (TS 119 612 5.5.9.2.3); bits. */
#define QUALIFIER_STATEMENT (1u << 0)	  /* QCStatement */
#define QUALIFIER_NOT_QUALIFIED (1u << 1) /* NotQualified */
#define QUALIFIER_SIGNATURES (1u << 2)	  /* QCForESig */
#define QUALIFIER_SEALS (1u << 3)	  /* QCForESeal */
#define QUALIFIER_WEBSITES (1u << 4)	  /* QCForWSA */
#define QUALIFIER_LEGAL_PERSON (1u << 5)  /* QCForLegalPerson */
#define QUALIFIER_WITH_SSCD (1u << 6)	  /* QCWithSSCD */
#define QUALIFIER_NO_SSCD (1u << 7)	  /* QCNoSSCD */
#define QUALIFIER_CERT_SSCD (1u << 8)	  /* QCSSCDStatusAsInCert */
#define QUALIFIER_WITH_QSCD (1u << 9)	  /* QCWithQSCD */
#define QUALIFIER_NO_QSCD (1u << 10)	  /* QCNoQSCD */
#define QUALIFIER_CERT_QSCD (1u << 11)	  /* QCQSCDStatusAsInCert */
#define QUALIFIER_BEHALF (1u << 12)	  /* QCQSCDManagedOnBehalf */
#define QUALIFIER_OTHER (1u << 13)	  /* one that is not known */

struct qualify_rule {
	enum qualify_match match; /* of this certificate */
	unsigned qualifiers;	  /* QUALIFIER_… */
};

/* What was so from a time on, until the next period of the service. */
struct qualify_period {
	int64_t from;
	enum qualify_status status;
	unsigned purpose; /* QC_FOR_… that it may issue for */
	const struct qualify_rule *rules;
	size_t rule_count;
};

struct qualify_service {
	const struct qualify_period *periods; /* in any order */
	size_t period_count;
};

enum qualify_form {
	QUALIFY_FORM_TS119612, /* says who is qualified */
	QUALIFY_FORM_LICENCES, /* says who is licensed, never more */
	QUALIFY_FORM_OTHER,    /* says neither */
};

/* What the certificate says of itself. */
struct qualify_claims {
	struct qc_statements qc;
	bool policy;	    /* QCP or QCP+ (TS 101 456 5.2) */
	bool device_policy; /* QCP+: its key is in a device */
	int64_t issued;	    /* notBefore */
};

struct qualify_list {
	enum qualify_form form;
	int64_t next_update;
	bool own_house; /* of the CA: and no countersigner was named */
	/* Those that the path leads to. */
	const struct qualify_service *services;
	size_t service_count;
};

/* Is the key of a qualified certificate in a qualified device? */
enum qualify_device {
	QUALIFY_DEVICE_UNASKED, /* it is not qualified, or for web sites */
	QUALIFY_DEVICE_YES,
	QUALIFY_DEVICE_NO,
	QUALIFY_DEVICE_UNKNOWN, /* the list contradicts itself */
};

struct qualify_answer {
	enum qualification is;
	enum qualify_reason reason;
	int64_t at;	  /* the time that decided */
	unsigned purpose; /* QC_FOR_…: what the certificate is for, or what
			     its CA was licensed for */
	enum qualify_device device; /* at the best time, of both */
	size_t service;		    /* of the list's, which said so ... */
	bool has_service;	    /* ... where one did */
};

/*
 * At one time.  Licences by several services add up; services contradict each
 * other where one grants a purpose that another denies, and of them none is
 * told.
 */
void qualify_at(const struct qualify_list *list, const struct qualify_claims *c,
		int64_t at, struct qualify_answer *out);

/*
 * At issuance and at the best time of the signature (PRO-4.4.4-34 to 36): the
 * worse of both, the earlier where they are the same.  Licensed is what was
 * licensed at both; the later where that is less than at the earlier.
 */
void qualify(const struct qualify_list *list, const struct qualify_claims *c,
	     int64_t best_time, struct qualify_answer *out);

/*
 * The device at one time, by the qualifiers of a service and the certificate
 * (PRO-4.5.4-03 before QUALIFY_EIDAS, -04 since): the list's word goes before
 * the certificate's, which is QcSSCD, and by the Directive also QCP+.
 */
enum qualify_device qualify_device(unsigned qualifiers,
				   const struct qualify_claims *c, int64_t at);

/* What qualify makes of its two answers, of which a is the earlier. */
void qualify_worse(struct qualify_answer *a,
		   const struct qualify_answer *later);

/* It cannot be told, for this reason. */
void qualify_doubt(struct qualify_answer *a, enum qualify_reason reason);

/* "not-listed", "list-ended", ...: a word for programs; NULL: it is fine. */
const char *qualify_reason_word(enum qualify_reason reason);

/* The same for people, to follow a comma. */
const char *qualify_reason_text(enum qualify_reason reason);

/* "yes", "no" or "unknown"; NULL: not asked. */
const char *qualify_device_text(enum qualify_device device);

/* "qualified", "licensed", "self-asserted", "not" or "unknown". */
const char *qualification_text(enum qualification is);

#endif
