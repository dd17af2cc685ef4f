/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/id_country.h"

#include <string.h>

/* ISO 3166-1: three letters, as documents have them, and two. */
static const char codes[] =
	"ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM "
	"ASMAS ATAAQ ATFTF ATGAG AUSAU AUTAT AZEAZ BDIBI BELBE BENBJ "
	"BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ "
	"BMUBM BOLBO BRABR BRBBB BRNBN BTNBT BVTBV BWABW CAFCF CANCA "
	"CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO "
	"COMKM CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE "
	"DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES "
	"ESTEE ETHET FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB "
	"GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR "
	"GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM HNDHN HRVHR "
	"HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS "
	"ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH "
	"KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI "
	"LKALK LSOLS LTULT LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD "
	"MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN "
	"MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA "
	"NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR "
	"NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL "
	"PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU "
	"RWARW SAUSA SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ SLBSB SLESL "
	"SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK SVNSI "
	"SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ "
	"TKLTK TKMTM TLSTL TONTO TTOTT TUNTN TURTR TUVTV TWNTW TZATZ "
	"UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC VENVE VGBVG "
	"VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW ";

#define CODE 6 /* "ABWAW " */

/* ICAO 9303-3 5: what a document has beside ISO 3166-1. */
static const struct {
	const char *state, *country;
} own[] = {
	{ "D<<", "DE" }, { "RKS", "XK" }, { "GBD", "GB" }, { "GBN", "GB" },
	{ "GBO", "GB" }, { "GBP", "GB" }, { "GBS", "GB" },
};

static bool copy(const char *from, char out[3])
{
	memcpy(out, from, 2);
	out[2] = '\0';
	return true;
}

/* The issuing state follows the two letters of the document's kind. */
static bool of_document(const char *value, char out[3])
{
	if (strlen(value) < 5)
		return false;
	value += 2;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (strncmp(own[i].state, value, 3) == 0)
			return copy(own[i].country, out);
	}
	for (const char *c = codes; *c != '\0'; c += CODE) {
		if (strncmp(c, value, 3) == 0)
			return copy(c + 3, out);
	}
	return false;
}

bool id_country(const struct id_judgement *id, char out[3])
{
	switch (id->kind) {
	case ID_CN_RIC:
	case ID_CN_RIC15:
	case ID_CN_PRC_FOREIGN:
	case ID_CN_USCC:
		return copy("CN", out);
	case ID_EE_PNO:
		return copy("EE", out);
	case ID_MRZ_TD1:
	case ID_MRZ_TD2:
	case ID_MRZ_TD3:
		return of_document(id->value, out);
	case ID_ETSI_NATURAL:
	case ID_ETSI_LEGAL:
		/* "PASSK-...", and XG is no country. */
		copy(id->value + 3, out);
		return strcmp(out, "XG") != 0;
	default:
		return false;
	}
}
